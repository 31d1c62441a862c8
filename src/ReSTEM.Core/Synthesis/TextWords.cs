using System.Text;

namespace ReSTEM.Core;

/// <summary>The words of a text, by which two texts are the same: case, punctuation and spaces do not count.</summary>
internal static class TextWords
{
    /// <summary>Runs of letters and digits in lower case, compatibility forms as one.</summary>
    internal static string[] Of(string text)
    {
        var spaced = new StringBuilder();
        foreach (Rune rune in text.Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            spaced.Append(Rune.IsLetterOrDigit(rune) ? Rune.ToLowerInvariant(rune).ToString() : " ");
        }

        return spaced.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The same as one key; a text without any word, emoji for one, is its own.</summary>
    internal static string KeyOf(string text) => Of(text) is { Length: > 0 } words ? string.Join(' ', words) : text.Trim();
}
