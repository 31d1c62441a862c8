using System.Globalization;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Texts of every kind, seeded: words, code, blanks, marks, scripts, emoji, any code point.</summary>
internal sealed class RandomTexts(int seed)
{
    private static readonly string[] Words =
    [
        "the", "Model", "tokens", "it's", "DON'T", "we'll", "x = 3.14;", "for (int i = 0; i < n; i++)", "naïve", "Ångström", "größer", "İstanbul",
        "ﬁnd", "①②", "½", "№5", "ＡＢＣ", "今日は", "机器学习", "한국어", "각", "العربية", "हिन्दी", "ไทย", "ελληνικά", "ΟΔΥΣΣΕΥΣ", "русский", "İ",
        "ß", "ǅ", "e\u0301", "a\u0300\u0301", "👍🏽", "👨‍👩‍👧", "🇩🇪", "\u200B", "\u200D", "\uFEFF", "\uFFFD", "\u00AD", "\u3000", "\u00A0", "\u2028", "\u0085", "▁",
        "▁▁", "##", "<s>", "<unk>", "[MASK]", "<0x0A>", "</w>", "2023-01-02", "100,000", "...", "!?", "\"quoted\"", "don't.", "$5", "a_b", "~|`^+", "—", "«»",
    ];

    private static readonly string[] Blanks = [" ", " ", " ", "  ", "   ", "\n", "\n\n", "\t", "\r\n", " \n ", ""];

    private readonly RandomSequence _random = RandomStream.Of((ulong)seed, RandomPurpose.Sample).Sequence();

    internal IEnumerable<string> Take(int count, Predicate<Rune>? without = null) => Enumerable.Range(0, count).Select(_ => Next(without));

    internal int Below(int bound) => _random.Below(bound);

    private string Next(Predicate<Rune>? without)
    {
        StringBuilder text = new();
        for (int part = _random.Between(0, 12); part > 0; part--)
        {
            text.Append(_random.Below(10) switch
            {
                0 => CodePoints(0x20, 0x7F),
                1 => CodePoints(0x80, 0x600),
                2 => CodePoints(1, 0xFFFF),
                3 => CodePoints(0x1F300, 0x1FAFF),
                4 => CodePoints(0x300, 0x370),
                5 when _random.Chance(0.3) => CodePoints(0x10000, 0x10FFFF),
                _ => Words[_random.Below(Words.Length)],
            });
            text.Append(Blanks[_random.Below(Blanks.Length)]);
        }

        return without is null ? text.ToString() : string.Concat(text.ToString().EnumerateRunes().Where(rune => !without(rune)));
    }

    private string CodePoints(int first, int last)
    {
        StringBuilder text = new();
        for (int count = _random.Between(1, 4); count > 0; count--)
        {
            int point = _random.Between(first, last);
            bool isText = point is not (>= 0xD800 and <= 0xDFFF) && CharUnicodeInfo.GetUnicodeCategory(point) != UnicodeCategory.OtherNotAssigned;
            text.Append(isText ? new Rune(point).ToString() : "");
        }

        return text.ToString();
    }
}
