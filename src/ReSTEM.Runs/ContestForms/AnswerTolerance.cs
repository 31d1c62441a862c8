using System.Globalization;
using System.Text.RegularExpressions;
using ReSTEM.Arithmetic;

namespace ReSTEM.Runs;

/// <summary>The tolerance that the text of a problem with a function states for its results, as LeetCode words it.</summary>
internal static partial class AnswerTolerance
{
    /// <summary>The tolerance; 0 when none is stated.</summary>
    internal static double Of(string statement)
    {
        Match stated = Within().Match(statement);
        return !stated.Success ? 0
            : stated.Groups["exponent"].Success ? Elementary.Pow(10, -int.Parse(stated.Groups["exponent"].Value, CultureInfo.InvariantCulture))
            : double.Parse(stated.Groups["number"].Value, CultureInfo.InvariantCulture);
    }

    // "Answers within 10-5 of the actual answer will be accepted": the superscript is often lost on the way into a data set.
    [GeneratedRegex(@"within\s+[`$*]*(?:10\s*(?:\^|\*\*|<sup>)?\s*\{?\s*\(?[-\u2212\u2013]\s*(?<exponent>\d{1,2})|(?<number>1e-\d{1,2}|0\.0+1))[^.]{0,25}\bof\s+the\s+[\w\s]*(answer|value|result|one)", RegexOptions.IgnoreCase)]
    private static partial Regex Within();
}
