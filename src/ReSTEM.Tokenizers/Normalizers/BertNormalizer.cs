using System.Text;

namespace ReSTEM.Tokenizers;

/// <summary>What BERT does to text before cutting it.</summary>
/// <param name="CleansText">Drop characters that show nothing, make every white space a blank.</param>
/// <param name="SetsIdeographsApart">Put blanks around each.</param>
/// <param name="StripsAccents">Take accents off letters.</param>
/// <param name="Lowers">Make letters small.</param>
internal sealed record BertNormalizer(bool CleansText, bool SetsIdeographsApart, bool StripsAccents, bool Lowers)
{
    internal string Apply(string text)
    {
        text = CleansText ? Clean(text) : text;
        text = SetsIdeographsApart ? SetApart(text) : text;
        text = StripsAccents ? Characters.Keep(CanonicalForm.Decompose(text), rune => !Characters.IsAccent(rune)) : text;
        return Lowers ? Characters.Lower(text) : text;
    }

    private static string Clean(string text)
    {
        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isBreak = rune.Value is '\t' or '\n' or '\r';
            if (isBreak || (Characters.IsBlank(rune) && !Characters.IsControl(rune)))
            {
                result.Append(' ');
            }
            else if (rune.Value is not 0xFFFD && !Characters.IsControl(rune))
            {
                Characters.Append(result, rune);
            }
        }

        return result.ToString();
    }

    private static string SetApart(string text)
    {
        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool apart = Characters.IsIdeograph(rune);
            result.Append(apart ? " " : "");
            Characters.Append(result, rune);
            result.Append(apart ? " " : "");
        }

        return result.ToString();
    }
}
