using System.Text;

namespace ReSTEM.Answers;

/// <summary>Chinese, Japanese and Korean words for units, signs and connectives as the English ones that the parser reads; others stay.</summary>
internal static class EastAsian
{
    private const string Digits = "零一二三四五六七八九";

    /// <summary>Longest word of the table, in characters.</summary>
    private const int MaxLength = 8;

    /// <summary>Each line: the English words, blanks as low lines, then the words for them.</summary>
    private static readonly Dictionary<string, string> Words = NameTable.Of("""
        or 或 或者 または 또는
        and 和 与 及 以及 且 并且 と 그리고
        ≈ 约 大约 约为 约等于 约是
        = 等于 等於
        > 大于
        < 小于
        ≥ 大于等于 大于或等于 不小于
        ≤ 小于等于 小于或等于 不大于
        at_least 至少 最少 不少于
        at_most 至多 最多 不超过 不多于
        more_than 超过 多于
        less_than 少于 不足 不到
        negative 负 負
        half_of 一半
        no_solution 无解 無解 无实数解 没有解 不存在解 解なし 해가없다
        empty_set 空集 空集合
        all_real_numbers 全体实数 所有实数 任意实数 实数集 一切实数 全实数
        does_not_exist 不存在 无意义 无定义
        yes 是 是的 对 正确 はい
        no 否 不是 不对 错误 いいえ
        yuan 元 块 块钱 人民币 元钱
        yen 円 日元
        won 원
        dollars 美元 美金
        euros 欧元
        gbp 英镑
        meters 米 公尺
        kilometers 千米 公里
        centimeters 厘米 公分
        millimeters 毫米
        decimeters 分米
        square_meters 平方米
        square_kilometers 平方千米 平方公里
        square_centimeters 平方厘米
        square_millimeters 平方毫米
        square_decimeters 平方分米
        cubic_meters 立方米
        cubic_centimeters 立方厘米
        cubic_decimeters 立方分米
        hectares 公顷
        grams 克
        kilograms 千克 公斤
        jin 斤
        tonnes 吨
        liters 升
        milliliters 毫升
        hours 小时 时
        minutes 分钟
        seconds 秒
        days 天 日
        weeks 周 星期
        months 个月
        years 年 岁
        per /每
        degrees 度
        degrees_celsius 摄氏度
        kilometers_per_hour 千米/时 千米/小时 公里/小时 千米每小时 公里每小时
        meters_per_second 米/秒 米每秒
        pieces 个 個 只 件 块儿 支 枝 本 张 条 颗 粒 棵 개
        people 人 名 位 명
        times 次 倍
        ways 种 種
        percent 个百分点
        million 百万
        """).ToDictionary(static pair => pair.Key, static pair => pair.Value.Replace('_', ' '));

    /// <summary>The text with the known words in English; the same object when it holds none of these scripts.</summary>
    internal static string Translate(string text)
    {
        if (text.All(static character => character is < '\u3040' or > '\uD7A3'))
        {
            return text;
        }

        var english = new StringBuilder(text.Length * 2);
        for (int at = 0; at < text.Length;)
        {
            if (Numeral(text, at) is { } numeral)
            {
                english.Append(numeral.Digits);
                at = numeral.End;
            }
            else if (Date(text, at) is { } date)
            {
                english.Append(date.Figures);
                at = date.End;
            }
            else if (Known(text, at) is { } known)
            {
                int noun = known.English is "pieces" or "people" ? NounEnd(text, at + known.Length) : 0;
                english.Append(' ').Append(noun > 0 ? Spelled(text.AsSpan(at + known.Length, noun - at - known.Length)) : known.English).Append(' ');
                at = noun > 0 ? noun : at + known.Length;
            }
            else if (text[at] is '万' or '亿' && at > 0 && char.IsAsciiDigit(text[at - 1]))
            {
                english.Append(text[at] == '万' ? "*10^{4} " : "*10^{8} ");
                at++;
            }
            else
            {
                english.Append(text[at++]);
            }
        }

        return english.ToString();
    }

    /// <summary>Where what is counted ends, after its measure word: up to four characters that are no word of the table, nothing after them; else 0.</summary>
    private static int NounEnd(string text, int at)
    {
        int end = at;
        while (end < text.Length && text[end] is >= '\u4E00' and <= '\u9FFF' && end - at <= 4)
        {
            if (Known(text, end) is not null || Numeral(text, end) is not null)
            {
                return 0;
            }

            end++;
        }

        return end > at && end - at <= 4 && (end == text.Length || !char.IsLetterOrDigit(text[end])) ? end : 0;
    }

    /// <summary>A noun in letters that stand for nothing but itself, with the ending of something counted.</summary>
    private static string Spelled(ReadOnlySpan<char> word)
    {
        var letters = new StringBuilder("zh");
        foreach (char character in word)
        {
            for (int shift = 12; shift >= 0; shift -= 4)
            {
                letters.Append((char)('a' + ((character >> shift) & 15)));
            }
        }

        return letters.Append("os").ToString();
    }

    private static (string English, int Length)? Known(string text, int at)
    {
        for (int length = Math.Min(MaxLength, text.Length - at); length > 0; length--)
        {
            if (Words.TryGetValue(text.Substring(at, length), out string? english))
            {
                return (english, length);
            }
        }

        return null;
    }

    /// <summary>A number in Chinese digits, 三分之二 as 2/3 and 百分之五 as 5%; single units such as 一 stand for themselves.</summary>
    private static (string Digits, int End)? Numeral(string text, int at)
    {
        if (text.AsSpan(at).StartsWith("百分之", StringComparison.Ordinal))
        {
            int digits = at + 3;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            {
                digits++;
            }

            return digits > at + 3 ? (text[(at + 3)..digits] + "%", digits)
                : Whole(text, at + 3) is { } percent ? ($"{percent.Value}%", percent.End) : null;
        }

        if (Whole(text, at) is not { } whole)
        {
            return null;
        }

        return text.AsSpan(whole.End).StartsWith("分之", StringComparison.Ordinal) && Whole(text, whole.End + 2) is { } above
            ? ($"\\frac{{{above.Value}}}{{{whole.Value}}}", above.End) : ($"{whole.Value}", whole.End);
    }

    private static (long Value, int End)? Whole(string text, int at)
    {
        long total = 0;
        long section = 0;
        long digit = -1;
        int end = at;
        for (; end < text.Length && end < at + 16; end++)
        {
            int value = text[end] switch { '两' => 2, '〇' => 0, _ => Digits.IndexOf(text[end]) };
            long unit = text[end] switch { '十' => 10, '百' => 100, '千' => 1000, '万' => 10_000, '亿' => 100_000_000, _ => 0 };
            if (value >= 0)
            {
                digit = value;
            }
            else if (unit >= 10_000 && end > at && total < 10_000_000)
            {
                total = (total + section + Math.Max(digit, 0)) * unit;
                section = 0;
                digit = -1;
            }
            else if (unit > 0 && (unit == 10 || digit > 0))
            {
                section += Math.Max(digit, digit < 0 ? 1 : 0) * unit;
                digit = -1;
            }
            else
            {
                break;
            }
        }

        return end > at ? (total + section + Math.Max(digit, 0), end) : null;
    }

    /// <summary>2020年3月5日 as 2020-03-05.</summary>
    private static (string Figures, int End)? Date(string text, int at)
    {
        int year = Digit(text, at, out int first);
        if (first == at || first >= text.Length || text[first] != '年' || (at > 0 && char.IsAsciiDigit(text[at - 1])))
        {
            return null;
        }

        int month = Digit(text, first + 1, out int second);
        if (second == first + 1 || second >= text.Length || text[second] != '月')
        {
            return null;
        }

        int day = Digit(text, second + 1, out int third);
        return third == second + 1 || third >= text.Length || text[third] is not ('日' or '号') ? null : ($"{year:0000}-{month:00}-{day:00}", third + 1);
    }

    private static int Digit(string text, int at, out int end)
    {
        int value = 0;
        for (end = at; end < text.Length && char.IsAsciiDigit(text[end]) && end - at < 4; end++)
        {
            value = (value * 10) + text[end] - '0';
        }

        return value;
    }
}
