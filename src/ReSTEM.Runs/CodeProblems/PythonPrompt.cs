using System.Text.RegularExpressions;

namespace ReSTEM.Runs;

/// <summary>The Python in a prompt that asks for a function: all of it, its end, a fenced block, or nothing.</summary>
/// <param name="Code">What a continuation goes on; empty when the prompt is no Python.</param>
/// <param name="Whole">The same made a whole module: a head without a body has <c>pass</c> for one.</param>
internal sealed partial record PythonPrompt(string Code, string Whole)
{
    private static readonly PythonPrompt None = new("", "");

    /// <summary>
    /// Finds it. A part of a prompt counts when every line of it at the margin begins as Python does and it defines the entry point;
    /// a prompt that is Python throughout counts in any case.
    /// </summary>
    internal static PythonPrompt In(string prompt, string entryPoint)
    {
        if (string.IsNullOrWhiteSpace(prompt))
        {
            return None;
        }

        if (Python(prompt) is { } whole)
        {
            return whole;
        }

        var definition = new Regex($@"^(async )?(def|class)\s+{Regex.Escape(entryPoint)}\b", RegexOptions.Multiline);
        foreach (Match fence in Fence().Matches(prompt).Reverse())
        {
            if (definition.IsMatch(fence.Groups[1].Value) && Python(fence.Groups[1].Value) is { } fenced)
            {
                return fenced;
            }
        }

        for (Match start = Start().Match(prompt); start.Success; start = start.NextMatch())
        {
            string rest = prompt[start.Index..];
            if (definition.IsMatch(rest) && Python(rest) is { } end)
            {
                return end;
            }
        }

        return None;
    }

    /// <summary>The text, when it is Python from its first line to its last as far as lines at the margin tell.</summary>
    private static PythonPrompt? Python(string text)
    {
        var scan = new PythonLines();
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            bool atMargin = scan.IsBetweenStatements && line.Length > 0 && !char.IsWhiteSpace(line[0]);
            if (atMargin && !Statement().IsMatch(line))
            {
                return null;
            }

            scan.Read(line);
        }

        if (!scan.IsBetweenStatements || !scan.HasCode)
        {
            return null;
        }

        return new PythonPrompt(text, scan.EndsInHead ? $"{text.TrimEnd()}\n{scan.Indentation}    pass\n" : text);
    }

    [GeneratedRegex(@"^(def \s*\w+\s*[(\[]|async def |class \s*\w+\s*[(:]|import \w|from [\w.]+ import |@\w|#|[rbu]?""|[rbu]?'|(if|elif|else|for|while|try|except|finally|with)\b.*:\s*(#.*)?$|pass\s*$|return\b|raise\b|assert\b|[\])}]|[\w.]+(\[.*\])?\s*(:[^=]+)?([-+*/%&|^]|//|\*\*)?=[^=]|[\w.]+\(.*\)\s*(#.*)?$)")]
    private static partial Regex Statement();

    [GeneratedRegex(@"^(def |async def |class |import |from |@|#)", RegexOptions.Multiline)]
    private static partial Regex Start();

    [GeneratedRegex(@"^[ \t]*```[^\n]*\n(.*?)^[ \t]*```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
