using System.Buffers;
using System.Numerics;
using System.Text;

namespace ReSTEM.Answers;

/// <summary>What kind of text an exact answer is; decides which spellings are one.</summary>
internal enum ExactAnswerKind
{
    /// <summary>A letter, in brackets or not.</summary>
    Label,

    /// <summary>One of a few words, such as yes and no.</summary>
    Word,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>Closing brackets.</summary>
    Brackets,

    /// <summary>Any other text.</summary>
    Text,
}

/// <summary>Brings exact answers to one spelling.</summary>
internal static class ExactAnswer
{
    private static readonly SearchValues<char> Brackets = SearchValues.Create("()[]{}<> ");
    private static readonly string[] Words = ["yes", "no", "true", "false", "valid", "invalid"];

    internal static ExactAnswerKind KindOf(string reference, IReadOnlyList<string> choices)
    {
        if (reference is ['(', >= 'A' and <= 'Z', ')'] or [>= 'A' and <= 'Z'])
        {
            return ExactAnswerKind.Label;
        }

        if (Words.Contains(reference.ToLowerInvariant()) || choices.Count > 0)
        {
            return ExactAnswerKind.Word;
        }

        return BigInteger.TryParse(reference.Replace(",", "", StringComparison.Ordinal), out _) ? ExactAnswerKind.Number
            : !reference.AsSpan().ContainsAnyExcept(Brackets) ? ExactAnswerKind.Brackets
            : ExactAnswerKind.Text;
    }

    /// <summary>The canonical spelling, or null when the text is no answer of that kind.</summary>
    internal static string? Canonical(string answer, ExactAnswerKind kind) => kind switch
    {
        ExactAnswerKind.Label => Label(answer),
        ExactAnswerKind.Word => Word(answer),
        ExactAnswerKind.Number => Number(answer),
        ExactAnswerKind.Brackets => answer.Replace(" ", "", StringComparison.Ordinal),
        _ => Collapsed(answer),
    };

    /// <summary>A letter in brackets or before a mark; a small letter only in brackets.</summary>
    private static string? Label(string answer) =>
        ChoiceLabels.Read(answer, false) is { Letters: { Length: 1 } letter } ? $"({letter})" : null;

    private static string? Word(string answer)
    {
        string text = Collapsed(answer).ToLowerInvariant();
        foreach (string word in Words)
        {
            if (text.StartsWith(word, StringComparison.Ordinal) && (text.Length == word.Length || text[word.Length] is ',' or '.' or ';'))
            {
                return word;
            }
        }

        return text.Length == 0 ? null : text;
    }

    private static string? Number(string answer)
    {
        string digits = answer.Replace(",", "", StringComparison.Ordinal).Replace("−", "-", StringComparison.Ordinal).Trim();
        return BigInteger.TryParse(digits, System.Globalization.NumberStyles.AllowLeadingSign,
            System.Globalization.CultureInfo.InvariantCulture, out var number) ? number.ToString() : Collapsed(answer);
    }

    private static string Collapsed(string text)
    {
        var collapsed = new StringBuilder(text.Length);
        foreach (char character in text.Trim())
        {
            bool blank = char.IsWhiteSpace(character);
            if (!blank || collapsed[^1] != ' ')
            {
                collapsed.Append(blank ? ' ' : character);
            }
        }

        return collapsed.ToString();
    }
}
