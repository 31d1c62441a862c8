using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

public sealed class StopStringTests
{
    private const string EndToken = "<|end|>";

    [Fact]
    public void Stop_string_is_found_across_tokens_and_the_text_is_cut_before_the_first()
    {
        Tokenizer tokenizer = BytesOnly();
        var text = new CompletionText(tokenizer, ["\n\n", "Q:"]);
        Assert.Equal([false, false, false, false, true], tokenizer.Encode("ab\nQ:", addSpecialTokens: false).Select(text.Append));
        Assert.Equal("ab\n", text.Cut());

        text = new CompletionText(tokenizer, ["cd", "bcd"]);
        Assert.Equal([false, false, false, true], tokenizer.Encode("abcd", addSpecialTokens: false).Select(text.Append));
        Assert.Equal("a", text.Cut());

        text = new CompletionText(tokenizer, ["\u20ac"]); // three bytes, three tokens
        Assert.Equal([false, false, false, true], tokenizer.Encode("a\u20ac", addSpecialTokens: false).Select(text.Append));
        Assert.Equal("a", text.Cut());
    }

    [Fact]
    public void Stop_string_inside_one_token_cuts_within_the_token()
    {
        Tokenizer tokenizer = Trained();
        int[] ids = tokenizer.Encode("the answer", addSpecialTokens: false);
        Assert.Single(ids); // learned as one piece
        var text = new CompletionText(tokenizer, ["ans"]);
        Assert.True(text.Append(ids[0]));
        Assert.Equal("the ", text.Cut());
    }

    [Fact]
    public async Task Sampling_stops_at_the_token_that_completes_the_stop_string()
    {
        Tokenizer tokenizer = BytesOnly();
        ModelConfig config = TestModels.Config() with { VocabularySize = 257, EndTokenIds = [256] };
        ModelWeights weights = TestModels.Random(config);
        using var policy = ManagedEngine.Open(weights, "", tokenizer, new EngineOptions { Threads = 2, Slots = 8 });
        int[] prompt = [.. tokenizer.Encode("ab", addSpecialTokens: true)];
        List<Completion> free = await Draw(new SamplingOptions { MaxTokens = 60 });
        int stopped = 0;
        foreach (Completion whole in free)
        {
            string expected = tokenizer.Decode([.. whole.TokenIds], skipSpecialTokens: true);
            Assert.Equal(expected, whole.Text);
            if (FirstAsciiPair(expected) is not { } stop)
            {
                continue;
            }

            Completion cut = (await Draw(new SamplingOptions { MaxTokens = 60, Stop = ["never", stop] }))[whole.Index];
            Assert.Equal(FinishReason.StopString, cut.FinishReason);
            Assert.Equal(expected[..expected.IndexOf(stop, StringComparison.Ordinal)], cut.Text);
            Assert.Equal(whole.TokenIds.Take(cut.TokenIds.Count), cut.TokenIds);
            Assert.Contains(stop, tokenizer.Decode([.. cut.TokenIds], skipSpecialTokens: true), StringComparison.Ordinal);
            Assert.DoesNotContain(stop, tokenizer.Decode([.. cut.TokenIds.SkipLast(1)], skipSpecialTokens: true), StringComparison.Ordinal);
            stopped++;
        }

        Assert.InRange(stopped, 3, free.Count);

        Task<List<Completion>> Draw(SamplingOptions options) => PolicyUse.DrawAsync(
            policy, Enumerable.Range(0, 10).Select(index => PolicyUse.Request(prompt, options, index: index)));
    }

    [Fact]
    public void Tokenizer_with_more_tokens_than_the_model_is_refused()
    {
        using var folder = new ScratchFolder();
        ModelFolder.Save(folder.File("model"), TestModels.Random(TestModels.Config()), tokenizerFolder: null);
        File.WriteAllBytes(folder.File("model/tokenizer.json"), BpeTrainer.Train([], "x", 257, [EndToken]));
        var fault = Assert.Throws<InvalidDataException>(() => new ManagedEngine(new EngineOptions()).Describe(new PolicyRef(folder.File("model"), "")));
        Assert.Contains("the tokenizer has 257 tokens, expected at most 61", fault.Message, StringComparison.Ordinal);
    }

    private static string? FirstAsciiPair(string text)
    {
        for (int i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsAscii(text[i]) && char.IsAscii(text[i + 1]))
            {
                return text.Substring(i, 2);
            }
        }

        return null;
    }

    private static Tokenizer BytesOnly() => Load(BpeTrainer.Train([], "x", 257, [EndToken]));

    private static Tokenizer Trained() =>
        Load(BpeTrainer.Train(["the answer", "the answer", "the answer"], "the answer", 300, [EndToken]));

    private static Tokenizer Load(byte[] json) => Tokenizer.Load(new MemoryStream(json), "test");
}
