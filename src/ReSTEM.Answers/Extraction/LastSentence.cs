using System.Text.RegularExpressions;

namespace ReSTEM.Answers;

/// <summary>The sentence that ends a completion.</summary>
internal static partial class LastSentence
{
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
        body = trimmed.TrimEnd('.', '!', '。', '！', '*', '"', '”');
        int start = Sentences.StartOf(body, body.Length);
        return start < body.Length ? (body[start..], ended) : null;
    }

    internal static bool IsAsked(string text) => text.TrimEnd('*', '"', ' ') is [.., '?' or '？'];

    /// <summary>Whether a sentence denies, supposes, doubts, lists options or gives orders, so that its value is no answer.</summary>
    internal static bool IsNoStatement(string sentence) => NoStatement().IsMatch(sentence);

    [GeneratedRegex(
        @"\b(?:not|never|cannot|unknown|impossible|unclear|undetermined|unable|wrong|incorrect|mistake|maybe|perhaps|possibly|probably|might|could|either|guess|unsure|suppose|assume|assuming|may be|if|unless|whether|let|options?|choices|hint|example|consider|try|need to|want to|have to|next|e\.g|step|sorry|between|from)\b|n't\b|^\s*\(?[A-E][).:]\s.*\(?[B-E][).:]\s|print\s*\(|\breturn\b|==",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoStatement();
}
