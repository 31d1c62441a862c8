using System.Globalization;
using System.Text.RegularExpressions;

namespace ReSTEM.Tests;

/// <summary>Other writings of an answer that mean the same, made by rule. A rule gives nothing where it does not apply.</summary>
internal static partial class Perturbations
{
    internal static IEnumerable<(string Rule, string Answer)> Of(string answer)
    {
        string trimmed = answer.Trim();
        yield return ("spacing", "  " + Sign().Replace(trimmed, " $0 "));
        if (!Digits().IsMatch(trimmed) && !trimmed.Contains("{,}", StringComparison.Ordinal) && !trimmed.Contains("\\,", StringComparison.Ordinal)
            && !trimmed.Contains(",\\!", StringComparison.Ordinal))
        {
            yield return ("comma-spacing", trimmed.Replace(",", " ,\\, ", StringComparison.Ordinal));
        }

        yield return ("delimiters", $"${trimmed}$.");
        yield return ("box", $"\\boxed{{{trimmed}}}");
        if (trimmed.Contains("\\frac", StringComparison.Ordinal))
        {
            yield return ("tfrac", trimmed.Replace("\\frac", "\\tfrac", StringComparison.Ordinal));
            yield return ("dfrac", trimmed.Replace("\\frac", "\\dfrac", StringComparison.Ordinal));
            yield return ("slash", IntegerFraction().Replace(trimmed, "($1)/($2)") is var slashed && !MixedNumber().IsMatch(trimmed) ? slashed : trimmed);
        }

        if (trimmed.Contains('(') && !trimmed.Contains("\\left", StringComparison.Ordinal) && !trimmed.Contains("\\text", StringComparison.Ordinal))
        {
            yield return ("left-right", Open().Replace(Close().Replace(trimmed, "\\right$0"), "\\left$0"));
        }

        if (trimmed.Contains("\\left", StringComparison.Ordinal))
        {
            yield return ("no-left-right", trimmed.Replace("\\left", "", StringComparison.Ordinal).Replace("\\right", "", StringComparison.Ordinal));
        }

        foreach (var reordered in Reordered(trimmed))
        {
            yield return reordered;
        }

        if (PlainNumber().IsMatch(trimmed))
        {
            yield return ("unit", trimmed + "\\text{ units}");
            yield return ("assignment", "x = " + trimmed);
        }

        if (WholeFraction().Match(trimmed) is { Success: true } fraction)
        {
            decimal value = decimal.Parse(fraction.Groups[2].Value, CultureInfo.InvariantCulture)
                / decimal.Parse(fraction.Groups[3].Value, CultureInfo.InvariantCulture);
            yield return ("decimal", fraction.Groups[1].Value + Math.Round(value, 7).ToString(CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<(string Rule, string Answer)> Reordered(string answer)
    {
        if (answer.Contains("\\text", StringComparison.Ordinal) || answer.Contains("\\mbox", StringComparison.Ordinal)
            || answer.Contains('=') || answer.Contains("\\begin", StringComparison.Ordinal))
        {
            yield break;
        }

        var items = TopLevel.Split(answer, ',');
        if (items.Count > 1 && !answer.Contains(",\\!", StringComparison.Ordinal) && !Digits().IsMatch(answer))
        {
            items.Reverse();
            yield return ("list-order", string.Join(", ", items));
            yield break;
        }

        string[] parts = answer.Split("\\cup");
        if (parts.Length > 1)
        {
            yield return ("union-order", string.Join(" \\cup ", parts.Reverse()));
            yield break;
        }

        var terms = TopLevel.Terms(answer.TrimEnd('.'));
        if (terms.Count > 1 && items.Count == 1)
        {
            terms.Reverse();
            yield return ("sum-order", string.Concat(terms).TrimStart('+'));
        }
    }

    [GeneratedRegex(@"(?<=[^\^_{(\[,])[+=<>]")]
    private static partial Regex Sign();

    [GeneratedRegex(@"\d,\d")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\\frac\{(-?\d+)\}\{(\d+)\}")]
    private static partial Regex IntegerFraction();

    [GeneratedRegex(@"\d\s*\\frac|[\^_]\{?\\frac")]
    private static partial Regex MixedNumber();

    [GeneratedRegex(@"[(\[]")]
    private static partial Regex Open();

    [GeneratedRegex(@"[)\]]")]
    private static partial Regex Close();

    [GeneratedRegex(@"^-?\d+(\.\d+)?$")]
    private static partial Regex PlainNumber();

    [GeneratedRegex(@"^(-?)\\[dt]?frac\{(\d{1,9})\}\{(\d{1,9})\}$")]
    private static partial Regex WholeFraction();
}
