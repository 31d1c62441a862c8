using System.Text;
using System.Text.Json;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

public sealed class BpeTrainerTests
{
    private const string WordsAndDigits = @" ?\p{L}+|\p{N}|[^\s\p{L}\p{N}]+|\s+";

    [Fact]
    public void Merges_follow_the_worked_example_of_the_paper()
    {
        // Sennrich et al. 2016, figure 1 and algorithm 1: "low" 5 times, "lower" 2, "newest" 6, "widest" 3. Without the paper's end-of-word
        // mark: es 9, then es+t 9; lo 7, then lo+w 7 (ties: lower ids first, l < o < w; e = 101, l = 108, s = 115, t = 116).
        // "e s" and "s t" both have 9; e < s.
        string[] merges = Merges(Repeat(("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)), vocabularySize: 256 + 4);
        Assert.Equal(["e s", "es t", "l o", "lo w"], merges);
    }

    [Fact]
    public void Overlapping_pairs_are_counted_and_merged_from_the_left()
    {
        // "aaaa" twice has 6 pairs "a a"; merged from the left it becomes "aa aa", whose one pair occurs twice.
        Assert.Equal(["a a", "aa aa"], Merges(["aaaa", "aaaa"], vocabularySize: 300));
    }

    [Fact]
    public void Digits_stay_single_when_the_pattern_isolates_them()
    {
        Tokenizer tokenizer = Train(Repeat(("12 12 12", 50)), 300);
        Assert.Equal(["1", "2", "Ġ", "1", "2"], Tokens(tokenizer, "12 12"));
    }

    [Fact]
    public void A_trained_tokenizer_reads_any_text_back()
    {
        Tokenizer tokenizer = Train(["some words, and some more words"], 280);
        foreach (string text in (string[])["", "some words", "\0 é 日本 😀\r\n\t", "<|endoftext|> inside"])
        {
            int[] ids = tokenizer.Encode(text, addSpecialTokens: false);
            Assert.Equal(text, tokenizer.Decode(ids, skipSpecialTokens: false));
        }
    }

    [Fact]
    public void The_end_token_comes_last_and_is_special()
    {
        Tokenizer tokenizer = Train(Repeat(("low", 5)), 259);
        Assert.Equal(259, tokenizer.VocabularySize);
        Assert.Equal(258, tokenizer.SpecialTokens["<|endoftext|>"]);
        Assert.Equal([tokenizer.IdOf("low")!.Value, 258], tokenizer.Encode("low<|endoftext|>", addSpecialTokens: false));
        Assert.Equal("low", tokenizer.Decode(tokenizer.Encode("low<|endoftext|>", addSpecialTokens: false), skipSpecialTokens: true));
    }

    [Fact]
    public void The_same_texts_give_the_same_bytes()
    {
        string[] texts = Repeat(("abab", 3), ("baba", 3), ("caca", 3));
        Assert.Equal(
            BpeTrainer.Train(texts, WordsAndDigits, 270, ["<|endoftext|>"]),
            BpeTrainer.Train(texts.Reverse(), WordsAndDigits, 270, ["<|endoftext|>"]));
    }

    [Fact]
    public void Too_small_a_vocabulary_is_refused() =>
        Assert.Contains("vocabularySize is 200, expected at least 257", Assert.Throws<ArgumentException>(() => Train([], 200)).Message);

    private static string[] Repeat(params (string Text, int Count)[] texts) =>
        [.. texts.SelectMany(entry => Enumerable.Repeat(entry.Text, entry.Count))];

    private static Tokenizer Train(string[] texts, int vocabularySize)
    {
        byte[] json = BpeTrainer.Train(texts, WordsAndDigits, vocabularySize, ["<|endoftext|>"]);
        return Tokenizer.Load(new MemoryStream(json), "trained");
    }

    private static string[] Merges(string[] texts, int vocabularySize)
    {
        byte[] json = BpeTrainer.Train(texts, WordsAndDigits, vocabularySize, []);
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(json));
        return [.. document.RootElement.GetProperty("model").GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!)];
    }

    private static string[] Tokens(Tokenizer tokenizer, string text) =>
        [.. tokenizer.Encode(text, addSpecialTokens: false).Select(id => tokenizer.TokenOf(id)!)];
}
