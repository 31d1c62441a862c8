using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>
/// Finds the program in a completion where that takes no knowledge of Python: nothing but code, or one block with a Python tag. All else
/// is for <see cref="CodeReader"/>. docs/programs.md states the rules of both.
/// </summary>
internal static partial class CodeExtraction
{
    private static readonly string[] PythonTags = ["python", "python3", "py"];

    /// <summary>The completion's text outside of reasoning and up to its end mark; null when reasoning was never ended.</summary>
    /// <param name="completion">What the model wrote.</param>
    /// <param name="repairs">Those allowed.</param>
    /// <param name="used">Names of those needed.</param>
    public static string? Text(string completion, CodeRepairs repairs, List<string> used)
    {
        if (Reasoning.Without(completion.ReplaceLineEndings("\n")) is not { } text)
        {
            return null;
        }

        if (repairs.HasFlag(CodeRepairs.Spaces) && text.StartsWith('\uFEFF'))
        {
            used.Add("spaces");
            text = text[1..];
        }

        if (repairs.HasFlag(CodeRepairs.EndMark) && EndMark().Match(text) is { Success: true } mark)
        {
            used.Add("end-mark");
            text = text[..mark.Index];
        }

        if (repairs.HasFlag(CodeRepairs.Fence) && LanguageLine().Match(text) is { Success: true } line)
        {
            used.Add("fence");
            text = text[line.Length..];
        }

        return text;
    }

    /// <summary>The program, when it is plain which text is one; null when a reader must decide. It may still be no Python.</summary>
    public static ExtractedCode? Plain(CodeTests tests, string text, List<string> used)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return ExtractedCode.None("no-code");
        }

        if (Tag().IsMatch(text))
        {
            return null;
        }

        if (!Fences().IsMatch(text))
        {
            return tests.CompletionContinuesPreamble
                ? new ExtractedCode([tests.Preamble + text], text.Trim('\n'), "continuation", used, "")
                : Whole(tests, text.Trim('\n'), "unfenced", used);
        }

        var marks = Fences().Matches(text);
        string[] lines = text.Split('\n');
        int open = Array.FindIndex(lines, IsOpening);
        int close = open < 0 ? -1 : Array.FindIndex(lines, open + 1, line => line.TrimEnd() == "```");
        if (marks.Count != 2 || close < 0)
        {
            return null;
        }

        string code = string.Join('\n', lines[(open + 1)..close]).Trim('\n');
        bool found = tests.Form is CodeTestForm.StandardIo || tests.EntryPoint.Length == 0 || Defines(code, tests.EntryPoint);
        return found && code.Length > 0 ? Whole(tests, code, "fenced-block", used) : null;
    }

    /// <summary>The names that the tests ask of a submission, the entry point first.</summary>
    public static IEnumerable<string> Wanted(CodeTests tests)
    {
        var wanted = new List<string>();
        if (tests.EntryPoint.Length > 0)
        {
            wanted.Add(tests.EntryPoint);
        }

        var given = tests.Statements.SelectMany(text => Given().Matches(text)).Select(match => match.Groups[1].Value).ToHashSet();
        wanted.AddRange(tests.Statements.SelectMany(text => Called().Matches(text)).Select(match => match.Groups[1].Value));
        return wanted.Where(name => !given.Contains(name)).Distinct();
    }

    private static ExtractedCode Whole(CodeTests tests, string code, string kind, List<string> used) =>
        new(tests.Preamble.Length == 0 ? [code] : [tests.Preamble, code], code, kind, used, "");

    private static bool IsOpening(string line) =>
        line.StartsWith("```", StringComparison.Ordinal) && PythonTags.Contains(line[3..].Trim(), StringComparer.OrdinalIgnoreCase);

    private static bool Defines(string code, string name) =>
        Definition().Matches(code).Any(match => match.Groups[1].ValueSpan.SequenceEqual(name));

    [GeneratedRegex(@"^[ \t]*\[/?(?:DONE|END)\]|(?<![""'][^\n]*)<\|(?:endoftext|im_end|eot_id|end|eos|end_of_text|end_of_turn)\|>|<end_of_turn>|</s>\s*\z|<eos>\s*\z", RegexOptions.Multiline)]
    private static partial Regex EndMark();

    // What is left of a fence when a page is copied.
    [GeneratedRegex(@"\A\s*python3?[ \t]*\n(?:Copy code[ \t]*\n)?(?=\S)", RegexOptions.IgnoreCase)]
    private static partial Regex LanguageLine();

    [GeneratedRegex(@"</?(?:answer|solution|code|python)>|\[/?(?:PYTHON|ANSWER|BEGIN|CODE)\]", RegexOptions.IgnoreCase)]
    private static partial Regex Tag();

    [GeneratedRegex("`{3,}|~{3,}")]
    private static partial Regex Fences();

    [GeneratedRegex(@"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"^[ \t]*(?:def|class|import|from \w+ import)[ \t]+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Given();

    [GeneratedRegex(@"(?<![\w.])([A-Za-z_]\w*)[ \t]*\(")]
    private static partial Regex Called();
}
