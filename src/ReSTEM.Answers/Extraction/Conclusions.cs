using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>The answer of a completion that marks none: all of it, mathematics that ends it, or what its last sentence states.</summary>
internal static partial class Conclusions
{
    /// <summary>Longest completion that may be nothing but an answer, in characters.</summary>
    private const int MaxWhole = 300;

    internal static Extraction? Find(string text, string prompt, Func<string, string, bool> same) =>
        Whole(text) ?? (EndsDisplayed(text) ? Displayed(text, same) : StatedOrAffirmed(text, prompt, same));

    /// <summary>A completion that is nothing but an answer.</summary>
    private static Extraction? Whole(string text)
    {
        if (text.Length is 0 or > MaxWhole || text.Contains("\n\n", StringComparison.Ordinal))
        {
            return null;
        }

        string answer = AnswerValue.Undressed(text);
        return (AnswerValue.IsValue(answer) || ChoiceLabels.Read(answer, false) is { Letters.Length: 1 }) && !LastSentence.IsNoStatement(answer) ? new Extraction(Calculations.Result(answer), "whole") : null;
    }

    private static bool EndsDisplayed(string text)
    {
        string trimmed = text.TrimEnd(' ', '.', ',', '\n', '*');
        return trimmed.EndsWith("$$", StringComparison.Ordinal) || trimmed.EndsWith("\\]", StringComparison.Ordinal)
            || (trimmed.EndsWith('}') && trimmed.LastIndexOf("\\end{", StringComparison.Ordinal) > trimmed.Length - 20 && trimmed.Length > 20);
    }

    /// <summary>Display mathematics at the end, on lines of its own or not.</summary>
    private static Extraction? Displayed(string text, Func<string, string, bool> same)
    {
        string trimmed = text.TrimEnd(' ', '.', ',', '\n', '*');
        foreach (var (open, close) in (ReadOnlySpan<(string, string)>)[("$$", "$$"), ("\\[", "\\]"), ("\\begin{", "}")])
        {
            if (!trimmed.EndsWith(close, StringComparison.Ordinal) || trimmed.Length < open.Length + close.Length)
            {
                continue;
            }

            int start = trimmed.LastIndexOf(open, trimmed.Length - close.Length - 1, StringComparison.Ordinal);
            bool environment = close == "}";
            if (start < 0 || (environment && trimmed.LastIndexOf("\\end{", StringComparison.Ordinal) < start))
            {
                continue;
            }

            string before = LastSentence.Conclusion(trimmed[Sentences.StartOf(trimmed, start)..start]);
            string inside = environment ? trimmed[start..] : trimmed[(start + open.Length)..^close.Length];
            if (LastSentence.IsNoStatement(before) || Joining().IsMatch(before))
            {
                return null;
            }

            string answer = AnswerValue.Undressed(inside);
            return AnswerValue.IsValue(answer) ? new Extraction(Calculations.LastSide(answer), "math-at-end")
                : AnswerValue.Cut(answer, same) is { } cut ? new Extraction(Calculations.LastSide(cut), "math-at-end") : null;
        }

        return null;
    }

    /// <summary>What the last sentence says that something is: "So the side length is $2\sqrt3$ cm."</summary>
    private static Extraction? Stated(string text, string prompt, Func<string, string, bool> same)
    {
        if (LastSentence.Of(text) is not { IsEnded: true } last || LastSentence.IsNoStatement(last.Text) || LastSentence.IsQuoted(last.Text, prompt))
        {
            return null;
        }

        var (value, read) = AnswerValue.Of(LastSentence.Conclusion(last.Text), same);
        if (read && !IsWords(value))
        {
            return new Extraction(Calculations.LastSide(value), "statement");
        }

        var named = Named().Match(last.Text);
        return named.Success ? new Extraction(named.Groups["name"].Value, "statement") : null;
    }

    /// <summary>Words alone end many sentences that state no answer; numbers in words do not.</summary>
    private static bool IsWords(string value) =>
        value.Length > 1 && value.All(static c => char.IsLetter(c) || c is ' ' or '-' or '\'' or '’') && value.Any(char.IsAsciiLetterLower)
        && AnswerReader.Read(value, new Budget(20_000)) is not ({ Kind: NodeKind.Number or NodeKind.Constant }, _);

    /// <summary>A value with a digit in the last sentence goes before a yes or no at the start, and that before words.</summary>
    private static Extraction? StatedOrAffirmed(string text, string prompt, Func<string, string, bool> same)
    {
        var stated = Stated(text, prompt, same);
        return stated is not null && stated.Text.Any(char.IsAsciiDigit) && !Word().IsMatch(LastSentence.Of(text)?.Text ?? "") ? stated : YesOrNo(text) ?? stated;
    }

    /// <summary>Yes or no at the start of the first sentence, nowhere else the other.</summary>
    private static Extraction? YesOrNo(string text)
    {
        var first = Word().Match(text);
        string last = LastSentence.Of(text)?.Text ?? "";
        first = first.Success ? first : Word().Match(last);
        first = first.Success ? first : Statement().Match(LastSentence.Conclusion(last));
        return first.Success && !LastSentence.IsAsked(text) ? new Extraction(first.Groups["word"].Value, "yes-or-no") : null;
    }

    [GeneratedRegex(@"\b(?:or|and|not|from|between|to)\s*$|[,+*/^(-]\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Joining();

    [GeneratedRegex(@"\b(?:is|are|was|be)\s+(?:an?\s+|the\s+|on\s+(?:an?\s+)?)?\**(?<name>\p{Lu}\p{L}{1,20}|odd|even|prime|composite|positive|negative)\**$", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    /// <summary>What a sentence says of a statement of the problem.</summary>
    [GeneratedRegex(@"^(?:the|this|that)\s+(?:given\s+)?(?:statement|claim|proposition|assertion|conjecture|answer)\s+is\s+(?:therefore\s+|thus\s+|indeed\s+|always\s+)?\**(?<word>true|false)\**$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Statement();

    [GeneratedRegex(@"^(?<word>yes|no|true|false)(?=[,.;:!—–\n]|\s+[-—–]|$)(?!,?\s*(?:wait|that|actually|no\b|yes\b))(?!(?<=yes|true),?\s+(?:it|they|he|she|this|there)\s+(?:is|are|was|does|do|can|will|has|have)(?:\s?not\b|n't))(?!(?<=no|false),?\s+(?:it|they|he|she|this|there)\s+(?:is|are|was|does|do|can|will|has|have)\s*(?:[.!]|$))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
