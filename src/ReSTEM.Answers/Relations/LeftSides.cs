using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Names of derivatives and compositions before an equals sign, which say what the value is of: <c>\frac{dy}{dx} = 2x</c> is y' = 2x.</summary>
internal static partial class LeftSides
{
    /// <summary>The text with such a left side written as a name; unchanged where there is none.</summary>
    /// <param name="text">A cleaned answer.</param>
    internal static string Named(string text)
    {
        if (text.Length == 0 || text[0] is not ('\\' or '('))
        {
            return text;
        }

        var derivative = Derivative().Match(text);
        if (derivative.Success)
        {
            int order = derivative.Groups["order"].Success ? derivative.Groups["order"].Value[0] - '0' : 1;
            return derivative.Groups["name"].Value + new string('\'', order) + derivative.Groups["argument"].Value + text[derivative.Length..];
        }

        var partial = Partial().Match(text);
        if (partial.Success)
        {
            return $"{partial.Groups["name"].Value}_{partial.Groups["variable"].Value}{text[partial.Length..]}";
        }

        var composition = Composition().Match(text);
        return composition.Success ? $"{composition.Groups["outer"].Value}({composition.Groups["inner"].Value}({composition.Groups["argument"].Value})){text[composition.Length..]}" : text;
    }

    /// <summary>dy/dx of any order up to four, d/dx f(x).</summary>
    [GeneratedRegex(
        @"^\\frac ?\{ ?d ?(?:\^\{?(?<order>[2-4])\}? ?)?(?:(?<name>[a-zA-Z])\}|\}) ?\{ ?d ?[a-zA-Z] ?(?:\^\{?[2-4]\}? ?)?\} ?(?(name)(?<argument>)|(?<name>[a-zA-Z]) ?(?<argument>\([a-zA-Z]\)))(?= *=(?!=))",
        RegexOptions.CultureInvariant)]
    private static partial Regex Derivative();

    [GeneratedRegex(@"^\\frac ?\{ ?(?:\\partial|∂) ?(?<name>[a-zA-Z]) ?\} ?\{ ?(?:\\partial|∂) ?(?<variable>[a-zA-Z]) ?\}(?= *=(?!=))", RegexOptions.CultureInvariant)]
    private static partial Regex Partial();

    [GeneratedRegex(@"^\((?<outer>[a-zA-Z]) ?(?:\\circ|∘|°) ?(?<inner>[a-zA-Z])\) ?\((?<argument>[a-zA-Z0-9])\)(?= *=(?!=))", RegexOptions.CultureInvariant)]
    private static partial Regex Composition();
}
