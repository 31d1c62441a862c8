using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ReSTEM.Tokenizers;

/// <summary>A regular expression over code points, where .NET's own work on UTF-16 units and so misjudge emoji and rare letters.</summary>
/// <remarks>
/// Every code point above U+FFFF is replaced, one unit for one code point, by a stand-in below U+10000 of the same general category
/// that the pattern does not name; to the pattern the two look alike. Matches are mapped back to places in the text.
/// </remarks>
internal sealed class CodePointRegex : ITextPattern
{
    private const char FirstStandIn = '\u00A0';

    /// <summary>A pattern that tries for longer at one place is damaged, or meant to.</summary>
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(5);

    private readonly Regex _regex;
    private readonly char[] _standIns = new char[30];

    /// <exception cref="FormatException">The pattern cannot be carried over exactly.</exception>
    internal CodePointRegex(string pattern)
        : this(pattern, LongestMatch)
    {
    }

    internal CodePointRegex(string pattern, TimeSpan longestMatch)
    {
        (string translated, List<(char Low, char High)> named) = PatternTranslator.Translate(pattern);
        try
        {
            _regex = new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.Compiled, longestMatch);
        }
        catch (RegexParseException exception)
        {
            throw new FormatException($"a pattern that is not well formed ({exception.Error})");
        }

        for (int character = FirstStandIn; character < char.MaxValue; character++)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory((char)character);
            if (_standIns[(int)category] == 0 && !named.Exists(range => range.Low <= character && character <= range.High))
            {
                _standIns[(int)category] = (char)character;
            }
        }
    }

    /// <exception cref="InvalidDataException">The pattern tries forever.</exception>
    public void Matches(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        matches.Clear();
        try
        {
            Find(text, matches);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new InvalidDataException(
                $"The tokenizer's pattern '{exception.Pattern}' took {exception.MatchTimeout.TotalSeconds} s at one place of a text of {text.Length} characters, "
                + "expected one that does not try everything.", exception);
        }
    }

    private void Find(ReadOnlySpan<char> text, List<(int Start, int Length)> matches)
    {
        int firstSurrogate = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (firstSurrogate < 0)
        {
            foreach (ValueMatch match in _regex.EnumerateMatches(text))
            {
                matches.Add((match.Index, match.Length));
            }

            return;
        }

        char[] units = new char[text.Length];
        int[] starts = new int[text.Length + 1];
        int count = 0;
        for (int i = 0; i < text.Length; count++)
        {
            starts[count] = i;
            Rune.DecodeFromUtf16(text[i..], out Rune rune, out int length);
            units[count] = rune.IsBmp ? (char)rune.Value : _standIns[(int)Rune.GetUnicodeCategory(rune)];
            i += length;
        }

        starts[count] = text.Length;
        foreach (ValueMatch match in _regex.EnumerateMatches(units.AsSpan(0, count)))
        {
            int start = starts[match.Index];
            matches.Add((start, starts[match.Index + match.Length] - start));
        }
    }
}
