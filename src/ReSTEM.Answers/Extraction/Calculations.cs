using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>The result of a calculation that is written out: <c>2+3=5</c>, <c>m+n=256+37=293</c>.</summary>
internal static partial class Calculations
{
    /// <summary>The last side when the first names a compound, <c>m+n</c>, and the one before the last is a calculation; else the text.</summary>
    internal static string Result(string math) => Compound().IsMatch(math) ? LastSide(math) : math;

    /// <summary>The last side of a calculation, <c>2+3=5</c>; an equation with a name on its left stays whole.</summary>
    internal static string LastSide(string math)
    {
        if (math.AsSpan().IndexOfAny(",;<>") >= 0 || math.Contains("\\text", StringComparison.Ordinal) || math.Contains(" and ", StringComparison.Ordinal)
            || math.Contains(" or ", StringComparison.Ordinal) || math.Contains("\\\\", StringComparison.Ordinal))
        {
            return math;
        }

        int depth = 0;
        for (int index = math.Length - 1; index > 0; index--)
        {
            depth += math[index] switch { '}' or ')' or ']' => 1, '{' or '(' or '[' => -1, _ => 0 };
            if (math[index] == '=' && depth == 0)
            {
                return Calculation().IsMatch(math.AsSpan(0, index)) && math[(index + 1)..].Trim() is { Length: > 0 } value ? value : math;
            }
        }

        return math;
    }

    /// <summary>Two equals signs and more, the first after letters that signs join.</summary>
    [GeneratedRegex(@"^[^=()\d<>]*[a-zA-Z][^=()<>]*[+*/^-][^=()<>]*=[^=]+=[^=]+(?:=[^=]+)*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Compound();

    /// <summary>Numbers and signs without a name, such as 2+3, perhaps after a name and an equals sign.</summary>
    [GeneratedRegex(@"^(?:[^=]+=)*(?:[\s\d.,+*/^(){}$-]|\\(?:times|cdot|div|frac|d?frac|sqrt|left|right|pi|[,;! ]))*\d(?:[\s\d.,+*/^(){}$-]|\\(?:times|cdot|div|frac|sqrt|left|right|pi|[,;! ]))*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Calculation();
}
