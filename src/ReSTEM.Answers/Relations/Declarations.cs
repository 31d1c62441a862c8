using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>What an answer says of the letters that run through a set: <c>\frac{\pi}{4} + k\pi, k \in \mathbb{Z}</c>, "for any constant c".</summary>
/// <param name="Body">The answer without the declaration.</param>
/// <param name="Names">The letters, each once.</param>
/// <param name="Domain">integers, reals, complex, or the set as it was written; constants without a set are reals.</param>
internal sealed partial record Declarations(string Body, string[] Names, string Domain)
{
    /// <summary>Longest text that is looked at, in characters.</summary>
    private const int MaxLength = 240;

    // What lies between words is taken whole or not at all, so that no text makes the search go back and forth.
    private const string Gap = @"(?>(?:[\s,;.:~$({}—–]|\\[,;:! ]|\\q?quad\b|\\(?:text|mathrm|textrm|mbox)\b)*)";

    /// <summary>What sets a declaration off from the value before it; looked for only where such marks begin.</summary>
    private const string Lead = @"(?<![\s,;:(.~$])(?>(?:[\s.~$]|\\[,;:! ])*)(?:[,;:(]|\\q?quad\b|\\(?:text|mathrm|textrm|mbox)\b|\b(?=(?:where|for|with|when|if)\b))" + Gap;

    private const string Inner = @"(?>(?:[\s,;~$(){}]|\\[,;:! ]|\\q?quad\b|\\(?:text|mathrm|textrm|mbox)\b)*)";
    private const string End = @"(?>(?:[\s,;.~$)}]|\\[,;:! ])*)$";
    private const string ListGap = @"(?>(?:[\s,~$]|\\[,;:! ]|(?:\\(?:text|mathrm|textrm|mbox)\s*\{)?\s*\band\b\s*\}?)*)";
    private const string OneName = @"(?<name>[a-zA-Z](?:_\{?\w\}?)?|\\(?:lambda|alpha|beta|gamma|mu|theta|tau)\b)(?![a-zA-Z])";
    private const string NameList = OneName + "(?:" + ListGap + OneName + "){0,2}"; // three letters at most
    private const string Kind =
        @"(?<kind>(?:(?:positive|negative|non-?negative|nonzero|natural|whole|real|complex|rational)\s+)?(?:integers?|numbers?|constants?|reals?|parameters?))";

    private const string Set = @"\\(?:mathbb|mathbf|Bbb|mathrm)\s*\{?\s*(?<set>[ZNQRC])\s*\}?(?<part>(?:\s*[\^_]\s*(?:\{[^{}]*\}|[+*\d]))*)|(?<set>[ℤℕℚℝℂ])|(?<set>[ZR])(?![a-zA-Z])";

    /// <summary>Steps that reading a text takes: a search begins at each place, and may go on to the end.</summary>
    internal static int Work(string text) => text.Length > MaxLength ? 0 : text.Length * text.Length / 8;

    /// <summary>The answer's declaration, or null where there is none, or none that is understood to its end.</summary>
    internal static Declarations? Of(string text)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        if (Builder().Match(text) is { Success: true } builder)
        {
            string inside = builder.Groups["inside"].Value;
            return Bar().Match(inside) is { Success: true } bar ? Of(bar.Groups["member"].Success ? bar.Groups["rest"].Value : $"{bar.Groups["value"].Value}, {bar.Groups["rest"].Value}") : null;
        }

        foreach (var form in (ReadOnlySpan<Regex>)[Membership(), Statement(), Quantifier()])
        {
            if (form.Match(text) is { Success: true } match && BodyOf(text[..match.Index]) is { } body && DomainOf(match) is { } domain)
            {
                string[] names = [.. match.Groups["name"].Captures.Select(static capture => Bare(capture.Value)).Distinct(StringComparer.Ordinal)];
                return new Declarations(body, names, domain);
            }
        }

        return null;
    }

    /// <summary>What stands before the declaration, if its brackets are closed.</summary>
    private static string? BodyOf(string text)
    {
        string body = text.Trim(' ', '\n', ',', ';', ':', '.');
        body = body.Count(static letter => letter == '$') % 2 == 0 ? body : body.Replace("$", "", StringComparison.Ordinal);
        int depth = 0;
        foreach (char letter in body)
        {
            depth += letter switch { '{' or '(' or '[' => 1, '}' or ')' or ']' => -1, _ => 0 };
        }

        return depth == 0 && body.Length > 0 && !body.EndsWith('\\') ? body : null;
    }

    private static string Bare(string name) => name.TrimStart('\\').Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);

    private static string? DomainOf(Match match)
    {
        if (match.Groups["set"] is { Success: true } set)
        {
            string part = match.Groups["part"].Value;
            return part.Length > 0 ? set.Value + part.Replace(" ", "", StringComparison.Ordinal) : set.Value switch
            {
                "Z" or "ℤ" => "integers",
                "R" or "ℝ" => "reals",
                "C" or "ℂ" => "complex",
                "N" or "ℕ" => "naturals",
                _ => "rationals",
            };
        }

        return match.Groups["kind"].Value.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal).TrimEnd('s') switch
        {
            "integer" or "whole number" => "integers",
            "real" or "real number" or "constant" or "real constant" or "parameter" or "real parameter" => "reals",
            "complex number" or "complex constant" => "complex",
            "natural number" => "naturals",
            "rational" or "rational number" => "rationals",
            "number" => null,
            var other => other,
        };
    }

    [GeneratedRegex(
        Lead + @"(?:(?:where|for|with|when)\b" + Gap + @")?(?:(?:all|any|every|each|some)\b" + Gap + @"|\\forall\b" + Gap + ")?" + NameList + Inner + @"(?:\\in\b|∈)" + Inner + "(?:" + Set + ")" + End,
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Membership();

    [GeneratedRegex(
        Lead + @"(?:(?:where|with|and|for|if|when)\b" + Gap + ")?" + NameList + Inner + @"(?:(?:is|are|be|being)\b" + Inner + @"(?:(?:an?|any|some)\b" + Inner + @")?|(?:an?|any)\b" + Inner + @")?(?:arbitrary\b" + Inner + ")?" + Kind + End,
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Statement();

    [GeneratedRegex(
        Lead + @"for\b" + Gap + @"(?:(?:all|any|every|each|some)\b" + Gap + @")?(?:an?\b" + Gap + ")?(?:arbitrary" + Gap + ")?" + Kind + Inner + NameList + End,
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Quantifier();

    /// <summary>A set between braces.</summary>
    [GeneratedRegex(@"^[\s$]*(?:\\left\s*)?\\\{(?<inside>.*?)(?:\\right\s*)?\\\}[\s$.]*$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Builder();

    /// <summary>Its members and what is said of them: <c>2k+1 \mid k \in \mathbb{Z}</c>, <c>x : x = 2k+1, k \in \mathbb{Z}</c>.</summary>
    [GeneratedRegex(@"^(?:\s*(?<member>[a-z])\s*(?:\\in\s*\\mathbb\s*\{?[RZ]\}?\s*)?(?:\\mid|\\vert|:|\|)(?<rest>\s*\k<member>\s*=.*)|(?<value>[^|:]*?)(?:\\mid\b|\\vert\b|:|\|)(?<rest>.*))$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Bar();
}
