using System.Collections.Frozen;
using System.Globalization;

namespace ReSTEM.Answers;

/// <summary>Numbers written in English words: whole numbers to the trillions, fractions, mixed numbers, decimals, dozens, signs, ordinals.</summary>
internal static class NumberWords
{
    /// <summary>Most words of a number; longer texts are none.</summary>
    private const int MaxWords = 24;

    private static readonly FrozenDictionary<string, int> Values = NameTable.Of("""
        0 zero
        1 one
        2 two
        3 three
        4 four
        5 five
        6 six
        7 seven
        8 eight
        9 nine
        10 ten
        11 eleven
        12 twelve
        13 thirteen
        14 fourteen
        15 fifteen
        16 sixteen
        17 seventeen
        18 eighteen
        19 nineteen
        20 twenty
        30 thirty
        40 forty fourty
        50 fifty
        60 sixty
        70 seventy
        80 eighty
        90 ninety
        """).ToFrozenDictionary(pair => pair.Key, pair => int.Parse(pair.Value, CultureInfo.InvariantCulture));

    /// <summary>What a word multiplies by: thousand, dozen and the like, in the singular or plural.</summary>
    private static readonly FrozenDictionary<string, long> Multiples = new Dictionary<string, long>
    {
        ["dozen"] = 12,
        ["hundred"] = 100,
        ["thousand"] = 1_000,
        ["million"] = 1_000_000,
        ["billion"] = 1_000_000_000,
        ["trillion"] = 1_000_000_000_000,
    }.ToFrozenDictionary();

    /// <summary>Each line: a whole number as it is said, then its ordinal.</summary>
    private static readonly FrozenDictionary<string, string> Ordinals = NameTable.Of("""
        one first
        two second
        three third
        five fifth
        eight eighth
        nine ninth
        twelve twelfth
        twenty twentieth
        thirty thirtieth
        forty fortieth
        fifty fiftieth
        sixty sixtieth
        seventy seventieth
        eighty eightieth
        ninety ninetieth
        """).ToFrozenDictionary();

    /// <summary>The number that all of the text says, or null.</summary>
    internal static Rational? TryRead(string text)
    {
        string[] words = Split(text);
        return words.Length is 0 or > MaxWords ? null : Value(words);
    }

    /// <summary>The place that an ordinal says, as 3 for third; null when it is none.</summary>
    internal static Rational? TryOrdinal(string text)
    {
        string[] words = Split(text);
        return words.Length is 0 or > MaxWords || Cardinal(words[^1]) is not { } last ? null : Whole([.. words[..^1], last]);
    }

    /// <summary>1,000 for thousand or thousands; null for other words.</summary>
    internal static long? Multiple(string word) =>
        Multiples.TryGetValue(word, out long value) || (word.EndsWith('s') && Multiples.TryGetValue(word[..^1], out value)) ? value : null;

    /// <summary>3 for third or thirds, 2 for half, 4 for quarter; null for other words.</summary>
    internal static Rational? Part(string word)
    {
        switch (word)
        {
            case "half" or "halves":
                return 2;
            case "quarter" or "quarters":
                return 4;
            case "second" or "seconds" or "first" or "firsts":
                return null;
        }

        string singular = word.EndsWith('s') ? word[..^1] : word;
        return Cardinal(singular) is { } cardinal ? Multiples.TryGetValue(cardinal, out long many) ? new Rational(many) : Whole([cardinal]) : null;
    }

    private static string[] Split(string text) => text.ToLowerInvariant().Split([' ', '-', ','], StringSplitOptions.RemoveEmptyEntries);

    private static string? Cardinal(string ordinal) => Ordinals.TryGetValue(ordinal, out string? cardinal) ? cardinal
        : ordinal.EndsWith("th", StringComparison.Ordinal) && (Values.ContainsKey(ordinal[..^2]) || Multiples.ContainsKey(ordinal[..^2])) ? ordinal[..^2]
        : null;

    private static Rational? Value(string[] words)
    {
        if (words.Length == 0)
        {
            return null;
        }

        if (words[0] is "negative" or "minus" or "positive" or "plus")
        {
            return Value(words[1..]) is { } positive ? words[0][0] is 'n' or 'm' ? -positive : positive : null;
        }

        return Whole(words) ?? Decimal(words) ?? Fraction(words) ?? Multiplied(words) ?? Mixed(words);
    }

    private static Rational? Whole(string[] words)
    {
        BigValue total = default;
        foreach (string word in words is ["a", _, ..] && Multiples.ContainsKey(words[1]) ? ["one", .. words[1..]] : words)
        {
            if (!total.Add(word))
            {
                return null;
            }
        }

        return total.Result;
    }

    /// <summary>two point five: the digits one by one.</summary>
    private static Rational? Decimal(string[] words)
    {
        int point = Array.IndexOf(words, "point");
        if (point < 0 || point == words.Length - 1 || (point > 0 ? Whole(words[..point]) : Rational.Zero) is not { } whole)
        {
            return null;
        }

        Rational place = 1;
        foreach (string word in words[(point + 1)..])
        {
            if (!Values.TryGetValue(word, out int digit) || digit > 9)
            {
                return null;
            }

            place *= new Rational(1, 10);
            whole += place * digit;
        }

        return whole;
    }

    /// <summary>half, a third, two thirds; "twenty third" is no fraction but a place.</summary>
    private static Rational? Fraction(string[] words)
    {
        if (Part(words[^1]) is not { } part)
        {
            return null;
        }

        string[] before = words[..^1];
        return before switch
        {
            [] => words[^1] is "half" or "quarter" ? part.Inverse : null,
            ["a" or "an" or "one"] => part.Inverse,
            _ => words[^1].EndsWith('s') && Whole(before) is { } count ? count / part : null,
        };
    }

    /// <summary>half a million, two dozen, one and a half thousand.</summary>
    private static Rational? Multiplied(string[] words)
    {
        if (Multiple(words[^1]) is not { } many || words is [_])
        {
            return words is ["dozen"] ? 12 : null;
        }

        string[] before = words[..^1];
        before = before is [.., "of", "a"] ? before[..^2] : before is [_, .., "a"] ? before[..^1] : before;
        return before is ["a"] or ["one"] ? new Rational(many) : Value(before) * new Rational(many);
    }

    /// <summary>one and a half.</summary>
    private static Rational? Mixed(string[] words)
    {
        int and = Array.LastIndexOf(words, "and");
        return and <= 0 || and == words.Length - 1 || Whole(words[..and]) is not { } whole || Fraction(words[(and + 1)..]) is not { } part
            ? null : whole + part;
    }

    /// <summary>A whole number that grows word by word.</summary>
    private struct BigValue
    {
        private long _total;
        private long _group;
        private bool _hasGroup;
        private int _tens; // what may follow: 0 any small number, 1 only units below ten, 2 nothing

        internal readonly Rational? Result => _hasGroup ? new Rational(_total + _group) : null;

        internal bool Add(string word)
        {
            if (Values.TryGetValue(word, out int value))
            {
                if (_tens == 2 || (_tens == 1 && value is >= 10 or 0))
                {
                    return false;
                }

                _group += value;
                _hasGroup = true;
                _tens = value >= 20 ? 1 : 2;
                return true;
            }

            if (word == "hundred" && _group is > 0 and < 100)
            {
                _group *= 100;
                _tens = 0;
                return true;
            }

            if (word is "thousand" or "million" or "billion" or "trillion" && _group > 0)
            {
                _total += _group * Multiples[word];
                _group = 0;
                _tens = 0;
                return true;
            }

            return word == "and" && _group >= 100;
        }
    }
}
