using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>Values that a sentence gives to several letters: <c>x is 2 and y is 3</c> is <c>x=2 and y=3</c>.</summary>
internal static partial class Assignments
{
    /// <summary>The equations that end a text, two and more, with signs for their verbs; null when there are none.</summary>
    internal static string? In(string text)
    {
        var found = AtEnd().Match(text);
        return found.Success ? Verb().Replace(found.Groups["all"].Value, "=") : null;
    }

    [GeneratedRegex(
        @"(?:^|[\s:])(?<all>\$?[A-Za-z]\$?\s+(?:is equal to|equals|is)\s+[^\s,;][^,;]{0,60}?(?:(?:\s*[,;]\s*(?:and\s+)?|\s+and\s+)\$?[A-Za-z]\$?\s+(?:is equal to|equals|is)\s+[^\s,;][^,;]{0,60}?)+)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex AtEnd();

    [GeneratedRegex(@"(?<=(?:^|[\s,;])\$?[A-Za-z]\$?)\s+(?:is equal to|equals|is)\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Verb();
}
