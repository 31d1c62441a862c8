using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>What SentencePiece does to text before finding pieces.</summary>
/// <param name="map">Replacements, the longest match first; null for none.</param>
/// <param name="untouched">Texts that stay as they are.</param>
/// <param name="options">About blanks.</param>
internal sealed class SentencePieceNormalizer(CharacterMap? map, TextTrie untouched, BlankOptions options)
{
    private readonly string _blank = options.Escapes ? "\u2581" : " ";

    internal string Apply(string text)
    {
        int start = 0;
        while (options.RemovesExtra && start < text.Length && Next(text.AsSpan(start), out int blank) is " ")
        {
            start += blank;
        }

        if (start == text.Length)
        {
            return "";
        }

        StringBuilder result = new(text.Length + 1);
        result.Append(options.AddsBefore ? _blank : "");
        bool afterBlank = options.RemovesExtra;
        for (int i = start; i < text.Length;)
        {
            ReadOnlySpan<char> part = Next(text.AsSpan(i), out int length);
            i += length;
            part = afterBlank ? part.TrimStart(' ') : part;
            foreach (char unit in part)
            {
                result.Append(unit == ' ' && options.Escapes ? '\u2581' : unit);
            }

            afterBlank = options.RemovesExtra && (part.Length == 0 ? afterBlank : part[^1] == ' ');
        }

        int end = result.Length;
        while (options.RemovesExtra && end > 0 && result[end - 1] == _blank[0])
        {
            end--;
        }

        result.Length = end;
        return result.Append(options.AddsBehind ? _blank : "").ToString();
    }

    /// <summary>What the beginning of a text becomes, and how long it is.</summary>
    private ReadOnlySpan<char> Next(ReadOnlySpan<char> text, out int length)
    {
        length = untouched.LongestAt(text).Length;
        if (length > 0)
        {
            return text[..length];
        }

        if (map?.Longest(text) is ({ } replacement, var replaced))
        {
            length = replaced;
            return replacement;
        }

        Rune.DecodeFromUtf16(text, out _, out length);
        return text[..length];
    }
}

/// <summary>What SentencePiece does about blanks.</summary>
/// <param name="Escapes">Write them as U+2581.</param>
/// <param name="RemovesExtra">Drop them at both ends, and all but one of several.</param>
/// <param name="AddsBefore">Put one before the text.</param>
/// <param name="AddsBehind">Put one behind the text.</param>
internal readonly record struct BlankOptions(bool Escapes, bool RemovesExtra, bool AddsBefore, bool AddsBehind);
