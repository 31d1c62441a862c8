using System.Globalization;
using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Reads from a contest problem's text how its outputs are to be compared.</summary>
internal static partial class StatementRules
{
    private const double DefaultTolerance = 1e-6;

    /// <summary>The rule; exact, one output, case matters, unless the text says otherwise.</summary>
    internal static OutputRule Of(string statement) => new()
    {
        Tolerance = ToleranceOf(statement),
        IgnoreCase = AnyCase().IsMatch(statement),
        OtherOutputsMayBeRight = SeveralAnswers().IsMatch(statement),
    };

    private static double ToleranceOf(string statement)
    {
        Match error = Error().Match(statement);
        if (!error.Success)
        {
            return 0;
        }

        Match power = Power().Match(statement, error.Index);
        if (!power.Success || power.Index - error.Index > 200)
        {
            return DefaultTolerance;
        }

        return power.Groups[1].Success
            ? Math.Pow(10, -int.Parse(power.Groups[1].Value, CultureInfo.InvariantCulture))
            : double.Parse(power.Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(absolute|relative) (or (absolute|relative) )?(error|difference|precision)|(error|precision) of (at most|no more than)", RegexOptions.IgnoreCase)]
    private static partial Regex Error();

    [GeneratedRegex(@"10\s*\^?\s*\{?\s*[-\u2212\u2013]\s*(\d{1,2})|1e-\d{1,2}|0\.0+1")]
    private static partial Regex Power();

    [GeneratedRegex(@"in any case|any letter case|case.insensitive|upper or lower case", RegexOptions.IgnoreCase)]
    private static partial Regex AnyCase();

    [GeneratedRegex(@"(print|output|find|report|return) any( |\.|$)|any (one )?of them|(several|multiple|many|more than one) (possible |correct |valid |optimal )?(answers?|solutions?|ways|options|such)|answer is not unique", RegexOptions.IgnoreCase)]
    private static partial Regex SeveralAnswers();
}
