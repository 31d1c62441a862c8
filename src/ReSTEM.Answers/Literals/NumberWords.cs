using System.Collections.Frozen;
using System.Globalization;

namespace ReSTEM.Answers;

/// <summary>Whole numbers written in English words, zero to the billions.</summary>
internal static class NumberWords
{
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
        40 forty
        50 fifty
        60 sixty
        70 seventy
        80 eighty
        90 ninety
        """).ToFrozenDictionary(pair => pair.Key, pair => int.Parse(pair.Value, CultureInfo.InvariantCulture));

    /// <summary>The number that all of the text says, or null.</summary>
    internal static long? TryRead(string text)
    {
        long total = 0;
        long group = -1; // -1: no word of this group yet
        int tens = 0; // what may follow: 0 any small number, 1 only units below ten, 2 nothing
        foreach (string word in text.ToLowerInvariant().Split([' ', '-', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Values.TryGetValue(word, out int value))
            {
                if (tens == 2 || (tens == 1 && value is >= 10 or 0))
                {
                    return null;
                }

                group = Math.Max(0, group) + value;
                tens = value >= 20 ? 1 : 2;
            }
            else if (word == "hundred" && group is > 0 and < 10)
            {
                group *= 100;
                tens = 0;
            }
            else if (word is "thousand" or "million" or "billion" && group > 0)
            {
                total += group * (word switch { "thousand" => 1_000, "million" => 1_000_000, _ => 1_000_000_000L });
                group = 0;
                tens = 0;
            }
            else if (word != "and" || group < 100)
            {
                return null;
            }
        }

        return group < 0 ? null : total + group;
    }
}
