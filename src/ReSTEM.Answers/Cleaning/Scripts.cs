using System.Collections.Frozen;
using System.Text;

namespace ReSTEM.Answers;

/// <summary>Characters of one typographic form or width that stand for plain ones: raised, lowered, full-width, circled.</summary>
internal static class Scripts
{
    private static readonly FrozenDictionary<char, char> Raised = Pairs("⁰0¹1²2³3⁴4⁵5⁶6⁷7⁸8⁹9⁺+⁻-⁽(⁾)ⁿnⁱiˣxʸyᵏkᵐmᵗtᵃaᵇbᶜcᵈdᵉe");
    private static readonly FrozenDictionary<char, char> Lowered = Pairs("₀0₁1₂2₃3₄4₅5₆6₇7₈8₉9₊+₋-₍(₎)ₙnₖkᵢiⱼjₓxₘmₐaₑeₚpₜt");

    /// <summary>The text with full-width characters as plain ones and circled numbers as commands.</summary>
    internal static string Narrow(string text)
    {
        if (text.All(static character => character < '\u2460'))
        {
            return text;
        }

        var narrow = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            switch (character)
            {
                case >= '\uFF01' and <= '\uFF5E':
                    narrow.Append((char)(character - 0xFEE0));
                    break;
                case '\uFFE5':
                    narrow.Append('¥');
                    break;
                case '\uFFE1':
                    narrow.Append('£');
                    break;
                case >= '①' and <= '⑳':
                    narrow.Append("\\textcircled{").Append(character - '①' + 1).Append('}');
                    break;
                case '【' or '「' or '『':
                    narrow.Append('[');
                    break;
                case '】' or '」' or '』':
                    narrow.Append(']');
                    break;
                default:
                    narrow.Append(character);
                    break;
            }
        }

        return narrow.ToString();
    }

    /// <summary>A run of raised or lowered characters as one script, or as a root's degree or a fraction where it is one; returns where the run ends, or the start when there is none.</summary>
    internal static int Read(string text, int position, StringBuilder cleaned)
    {
        int end = Run(text, position, Raised, out string raised);
        if (end > position)
        {
            if (end < text.Length && text[end] is '⁄' or '/' && Run(text, end + 1, Lowered, out string lowered) is var last && last > end + 1)
            {
                cleaned.Append("\\frac{").Append(raised).Append("}{").Append(lowered).Append('}');
                return last;
            }

            bool degree = end < text.Length && text[end] == '√' && (cleaned.Length == 0 || cleaned[^1] is ' ' or '+' or '-' or '*' or '/' or '(' or ',' or '=' or '{' or '[');
            cleaned.Append(degree ? $"√[{raised}]" : $"^{{{raised}}}");
            return degree ? end + 1 : end;
        }

        end = Run(text, position, Lowered, out string low);
        if (end > position)
        {
            cleaned.Append("_{").Append(low).Append('}');
        }

        return end;
    }

    private static int Run(string text, int position, FrozenDictionary<char, char> table, out string plain)
    {
        int end = position;
        while (end < text.Length && table.ContainsKey(text[end]))
        {
            end++;
        }

        plain = string.Concat(text[position..end].Select(character => table[character]));
        return end;
    }

    private static FrozenDictionary<char, char> Pairs(string pairs) =>
        pairs.Chunk(2).ToFrozenDictionary(static pair => pair[0], static pair => pair[1]);
}
