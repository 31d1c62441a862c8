using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>Matches words, and runs of what is neither word nor white space: <c>\w+|[^\w\s]+</c> as Rust reads it.</summary>
internal sealed class WordPattern : ITextPattern
{
    private enum Kind
    {
        Blank,
        Word,
        Other,
    }

    public void Matches(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        matches.Clear();
        Kind last = Kind.Blank;
        for (int i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out Rune rune, out int length);
            Kind kind = Characters.IsBlank(rune) ? Kind.Blank : Characters.IsWord(rune) ? Kind.Word : Kind.Other;
            if (kind != Kind.Blank && kind == last)
            {
                matches[^1] = (matches[^1].Start, matches[^1].Length + length);
            }
            else if (kind != Kind.Blank)
            {
                matches.Add((i, length));
            }

            last = kind;
            i += length;
        }
    }
}
