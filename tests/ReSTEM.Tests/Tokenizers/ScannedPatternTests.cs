using System.Text;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

/// <summary>The patterns that are scanned by hand have the matches of the expressions they stand for.</summary>
public sealed class ScannedPatternTests
{
    public static TheoryData<string> Patterns => [ScannedPattern.Gpt2, ScannedPattern.Llama3, ScannedPattern.Qwen2];

    /// <summary>One or more of every kind that some alternative tells apart.</summary>
    private static readonly string[] Symbols =
        ["'", "s", "S", "\u017F", "r", "E", "e", "l", "x", "7", "\U0001D7CE", " ", "\t", "\u3000", "\n", "\r", ".", "\u0301", "\U0001F600", "\U00010400"];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Every_text_of_four_symbols_is_split_alike(string expression)
    {
        Comparison comparison = new(expression);
        int count = (int)Math.Pow(Symbols.Length, 4);
        for (int number = 0; number < count; number++)
        {
            string text = string.Concat(Enumerable.Range(0, 4).Select(place => Symbols[number / (int)Math.Pow(Symbols.Length, place) % Symbols.Length]));
            comparison.AssertEqual(text);
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Every_code_point_is_split_alike(string expression)
    {
        Comparison comparison = new(expression);
        for (int first = 0; first <= 0x10FFFF; first += 256)
        {
            IEnumerable<int> points = Enumerable.Range(first, 256).Where(point => point is not (>= 0xD800 and <= 0xDFFF));
            comparison.AssertEqual(string.Concat(points.Select(point => $"a{new Rune(point)}a7{new Rune(point)} {new Rune(point)}.{new Rune(point)}\n")));
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Random_and_real_texts_are_split_alike(string expression)
    {
        Comparison comparison = new(expression);
        foreach (string text in new RandomTexts(10).Take(20_000).Append(CountedVocabulary.Corpus))
        {
            comparison.AssertEqual(text);
        }
    }

    [Fact]
    public void Other_expressions_are_not_scanned() => Assert.Null(ScannedPattern.TryCreate(@"\s+"));

    private sealed class Comparison(string expression)
    {
        private readonly CodePointRegex _regex = new(expression);
        private readonly ScannedPattern _scanned = ScannedPattern.TryCreate(expression)!;
        private readonly List<(int Start, int Length)> _expected = [];
        private readonly List<(int Start, int Length)> _actual = [];

        internal void AssertEqual(string text)
        {
            _regex.Matches(text, _expected);
            _scanned.Matches(text, _actual);
            if (!_expected.SequenceEqual(_actual))
            {
                Assert.Fail($"'{text}': {string.Join(' ', _actual)}, expected {string.Join(' ', _expected)}");
            }
        }
    }
}
