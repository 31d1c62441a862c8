using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Finds the Python code in a completion: fenced blocks, an indented continuation, or code amid prose.</summary>
internal static partial class CodeExtraction
{
    /// <summary>The submission's possible readings, each with the problem's preamble.</summary>
    public static ExtractedCode Extract(CodeTests tests, string completion)
    {
        string text = completion.ReplaceLineEndings("\n");
        var lines = text.Split('\n');
        var blocks = CodeBlocks.Find(lines);
        string code;
        if (blocks.Count == 0)
        {
            code = text;
        }
        else if (CodeBlocks.ClosesPromptsFence(lines, blocks) is { } before)
        {
            code = before;
        }
        else
        {
            var python = blocks.Where(block => block.IsPython && !string.IsNullOrWhiteSpace(block.Code)).ToList();
            if (python.Count == 0)
            {
                return ExtractedCode.None(blocks.Exists(block => !block.IsPython) ? "language-mismatch" : "no-code");
            }

            code = (python.FindLast(block => Defines(block.Code, tests.EntryPoint)) ?? python[^1]).Code;
        }

        bool continues = tests.CompletionContinuesPreamble && !Defines(code, tests.EntryPoint);
        if (string.IsNullOrWhiteSpace(code) || (blocks.Count == 0 && !continues && !LooksLikeCode(code)))
        {
            return ExtractedCode.None("no-code");
        }

        var readings = continues ? Continuations(code) : Programs(code);
        string join = continues || tests.Preamble.Length == 0 ? "" : "\n";
        var sources = readings.Distinct().Select(reading => tests.Preamble + join + reading).ToList();
        if (!continues && tests.CompletionContinuesPreamble)
        {
            // The preamble may end in a head without a body, and then is no whole program by itself.
            sources.AddRange(Programs(code).Distinct().Select(reading => $"{tests.Preamble.TrimEnd()}\n        pass\n\n{reading}"));
        }

        return new ExtractedCode(sources, code.Trim('\n'), "");
    }

    private static bool Defines(string code, string name) =>
        name.Length > 0 && (
            Definition().Matches(code).Any(match => match.Groups[1].ValueSpan.SequenceEqual(name))
            || code.Contains(name, StringComparison.Ordinal) && Assignment().Matches(code).Any(match => match.Groups[1].ValueSpan.SequenceEqual(name)));

    private static bool LooksLikeCode(string text) => CodeLine().IsMatch(text);

    // The body of a function whose head and documentation the preamble holds.
    private static IEnumerable<string> Continuations(string code)
    {
        string body = code.TrimStart('\n');
        bool indented = body.Length > 0 && body[0] is ' ' or '\t';
        string start = indented ? body : "    " + body;
        yield return start;
        yield return CutAtProse(start);
        if (!indented)
        {
            string all = string.Join('\n', body.Split('\n').Select(line => line.Length == 0 ? line : "    " + line));
            yield return all;
        }
    }

    private static IEnumerable<string> Programs(string code)
    {
        string whole = Dedent(code);
        yield return whole;
        var first = FirstDefinition().Match(whole);
        string fromFirst = first.Success ? whole[first.Index..] : whole;
        yield return fromFirst;
        yield return CutAtProse(fromFirst);
    }

    private static string CutAtProse(string code)
    {
        var lines = code.Split('\n');
        int end = 1;
        while (end < lines.Length
            && (lines[end].Length == 0 || char.IsWhiteSpace(lines[end][0]) || ColumnZeroCode().IsMatch(lines[end])))
        {
            end++;
        }

        return string.Join('\n', lines[..end]);
    }

    private static string Dedent(string code)
    {
        var lines = code.Split('\n');
        int margin = lines.Where(line => !string.IsNullOrWhiteSpace(line))
            .Select(line => line.Length - line.TrimStart(' ', '\t').Length).DefaultIfEmpty(0).Min();
        return margin == 0 ? code : string.Join('\n', lines.Select(line => line.Length >= margin ? line[margin..] : line.TrimStart(' ', '\t')));
    }

    [GeneratedRegex(@"^[ \t]*(def |class |async def |import \w|from [\w.]+ import|@\w|print ?\(|return\b|(for|while|if|with) .*:|[\w.\[\], ]+ ?[-+*/]?=[^=]|\w[\w.]*\(.*\)[ \t]*$)", RegexOptions.Multiline)]
    private static partial Regex CodeLine();

    [GeneratedRegex(@"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"^(\w+)[ \t]*=(?!=)", RegexOptions.Multiline)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^(def |class |async def |import \w|from [\w.]+ import|@\w)", RegexOptions.Multiline)]
    private static partial Regex FirstDefinition();

    [GeneratedRegex(@"^(def |class |async def |import \w|from [\w.]+ import|@\w|#|[\])}]|if .*:|else:|elif .*:|for .*:|while .*:|with .*:|try:|except\b.*:|finally:|assert |""""""|'''|[\w.\[\], ]+ ?[-+*/]?=[^=]|\w[\w.]*\(.*\)[ \t]*$)")]
    private static partial Regex ColumnZeroCode();
}
