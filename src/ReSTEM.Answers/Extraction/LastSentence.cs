using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>The sentence that ends a completion.</summary>
internal static partial class LastSentence
{
    /// <summary>Shortest sentence, in characters, that counts as taken from the problem.</summary>
    private const int MinQuotation = 10;

    /// <summary>The sentence without its closing mark, and whether it has one; null when it asks or there is none.</summary>
    internal static (string Text, bool IsEnded)? Of(string text)
    {
        string trimmed = text.TrimEnd();
        if (trimmed.Length == 0 || IsAsked(trimmed))
        {
            return null;
        }

        string body = trimmed.TrimEnd('*', '"', '”', ')');
        bool ended = body is [.., '.' or '!' or '。' or '！' or '$'] || body.EndsWith("\\]", StringComparison.Ordinal) || trimmed.EndsWith("\\)", StringComparison.Ordinal);
        body = InnerStop().Replace(trimmed.TrimEnd('.', '!', '。', '！', '*', '"', '”'), "$1");
        int start = Sentences.StartOf(body, body.Length);
        return start < body.Length ? (body[start..], ended) : null;
    }

    /// <summary>The last clause that draws a conclusion: what follows the last "so", "hence" and the like.</summary>
    internal static string Conclusion(string sentence)
    {
        var words = Consequence().Matches(sentence);
        return words.Count == 0 ? sentence : sentence[(words[^1].Index + words[^1].Length)..];
    }

    internal static bool IsAsked(string text) => text.TrimEnd('*', '"', ' ') is [.., '?' or '？'];

    /// <summary>Whether a sentence denies, supposes, doubts, lists options or gives orders, so that its value is no answer.</summary>
    internal static bool IsNoStatement(string sentence) => NoStatement().IsMatch(sentence);

    /// <summary>Whether a sentence is one of the problem: it says what is given, not what was found.</summary>
    internal static bool IsQuoted(string sentence, string prompt) =>
        sentence.Trim() is { Length: >= MinQuotation } said && prompt.Contains(said, StringComparison.OrdinalIgnoreCase);

    /// <summary>A full stop within the mathematics that ends the sentence.</summary>
    [GeneratedRegex(@"[.,]\s*(\${1,2}|\\\]|\\\))$", RegexOptions.CultureInvariant)]
    private static partial Regex InnerStop();

    [GeneratedRegex(
        @"(?:[,;]\s*|\s|^)(?:and\s+)?(?:so|hence|thus|therefore|consequently|it follows that|which means(?: that)?|we conclude that|\\Rightarrow|\\implies|⇒|=>)[,:]?\s+(?:that\s+)?(?!far\b|much\b|many\b|on\b)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Consequence();

    [GeneratedRegex(
        @"\b(?:not|never|cannot|unknown|impossible|unclear|undetermined|unable|wrong|incorrect|mistake|maybe|perhaps|possibly|probably|might|could|either|guess|unsure|suppose|assume|assuming|may be|if|unless|whether|let|options?|choices|hint|example|consider|try|need to|want to|have to|next|e\.g|step|sorry|given (?:that|:)|we (?:are (?:told|given)|know)|(?:problem|question) (?:says?|states?|gives?|tells?)|it is (?:given|known|stated))\b|^\s*given\b|\b(?:between|from)\s+\$?\d|n't\b|^\s*\(?[A-E][).:]\s.*\(?[B-E][).:]\s|print\s*\(|\breturn\b|==",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoStatement();
}
