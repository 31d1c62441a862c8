using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace ReSTEM.Tests;

/// <summary>Answers that are nearly right and wrong, made by rule. A rule gives nothing where it does not apply.</summary>
internal static partial class WrongNeighbours
{
    internal static IEnumerable<(string Rule, string Answer)> Of(string answer)
    {
        string trimmed = answer.Trim().TrimEnd('.');
        if (BigInteger.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            yield return ("plus-one", (number + 1).ToString(CultureInfo.InvariantCulture));
            yield return ("minus-one", (number - 1).ToString(CultureInfo.InvariantCulture));
        }

        bool single = TopLevel.Split(trimmed, ',').Count == 1 && !Words().IsMatch(trimmed) && trimmed.IndexOfAny(['=', '<', '>', '_']) < 0;
        if (single && trimmed != "0" && trimmed.Length > 0 && trimmed[0] is not ('(' or '[' or '$') && !trimmed.Contains("\\pm", StringComparison.Ordinal))
        {
            yield return ("sign", $"-({trimmed})");
            yield return ("plus-one-expression", $"{trimmed} + 1");
        }

        if (Pair().Match(trimmed) is { Success: true } pair && TopLevel.Split(trimmed[1..^1], ',') is [var first, var second]
            && first.Trim() != second.Trim())
        {
            yield return ("swapped", $"{trimmed[0]}{second.Trim()}, {first.Trim()}{trimmed[^1]}");
            bool open = trimmed[0] == '(';
            yield return ("left-end", (open ? "[" : "(") + trimmed[1..]);
        }

        foreach (Match digit in Digit().Matches(trimmed))
        {
            char changed = (char)('0' + ((digit.Value[0] - '0' + 1) % 10));
            yield return ("digit", trimmed[..digit.Index] + changed + trimmed[(digit.Index + 1)..]);
        }
    }

    // Words, and what stands for a whole row of numbers.
    [GeneratedRegex(@"\\text|\\mbox|\\begin|\\triangle|\\overline|:|\\cup|[A-Z]{2}|\\{|\\\$|^[A-Z]$|%|\\in")]
    private static partial Regex Words();

    [GeneratedRegex(@"^[(\[](?!.*[)\]].*[(\[]).*[)\]]$")]
    private static partial Regex Pair();

    // Digits that are part of the value: not in units, bases, leading zeros to come or exponents of words.
    [GeneratedRegex(@"(?<![_^]\{?|[a-z]\}\^|\\text\{.*)\d(?![\d.]*_)")]
    private static partial Regex Digit();
}
