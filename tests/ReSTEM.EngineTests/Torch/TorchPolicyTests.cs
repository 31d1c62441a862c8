using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Tests;
using ReSTEM.Torch;

namespace ReSTEM.EngineTests;

/// <summary>Drawing many completions at once on libtorch.</summary>
public sealed class TorchPolicyTests
{
    private static readonly ModelWeights Weights = TestModels.Random(TestModels.Config(tied: false) with { ContextLength = 400 });

    [EngineTheory("torch-cpu")]
    [InlineData(EngineDtype.Float32)]
    [InlineData(EngineDtype.Bfloat16)]
    public async Task Bits_do_not_depend_on_slots_or_other_requests(EngineDtype dtype)
    {
        SampleRequest[] requests = [.. MixedRequests(prompts: 6, samples: 12)];
        using var policy = TorchUse.Open(Weights, TorchUse.Settings(dtype, slots: 70));
        var expected = Describe(await PolicyUse.DrawAsync(policy, requests));
        foreach (int slots in new[] { 1, 5, 64 })
        {
            using var other = TorchUse.Open(Weights, TorchUse.Settings(dtype, slots: slots));
            var drawn = Describe(await PolicyUse.DrawAsync(other, requests));
            Assert.All(expected.Zip(drawn), pair => Assert.True(pair.First == pair.Second, $"with {slots} slots {pair.Second}, expected {pair.First}"));
        }

        var alone = (await PolicyUse.DrawAsync(policy, [requests[40]])).Single();
        Assert.Contains(Describe([alone]).Single(), expected);
    }

    [EngineFact("torch-cpu")]
    public void Bits_do_not_depend_on_where_the_weights_lie()
    {
        // The collector puts arrays at any multiple of 8 bytes; libtorch's own memory begins at multiples of 64.
        var weights = TestModels.Random(TestModels.Config(tied: false) with { ModelDim = 40, FeedForwardDim = 72 });
        int[] ids = [.. Enumerable.Range(0, 60).Select(static t => 3 + (t * 11 % 55))];
        var kept = new List<byte[]>();
        var seen = new HashSet<string>();
        for (int opened = 0; opened < 32; opened++)
        {
            kept.AddRange(Enumerable.Range(0, opened).Select(index => new byte[8 * (1 + ((index * 5) % 7))]));
            using var device = new TorchWeights(weights, TorchUse.Processor, TorchSharp.torch.float32);
            Assert.All(device.Parts, static part => Assert.Equal(0, Address(part) % 64));
            using var policy = TorchUse.Open(weights, TorchUse.Settings());
            seen.Add(Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(policy.LogProbabilities([ids], CancellationToken.None).Single())));
        }

        Assert.NotEmpty(kept);
        Assert.Single(seen);

        static unsafe long Address(TorchSharp.torch.Tensor tensor)
        {
            fixed (byte* first = tensor.bytes)
            {
                return (long)first;
            }
        }
    }

    [EngineFact("torch-cpu")]
    public async Task Bits_do_not_depend_on_how_long_the_neighbours_are()
    {
        // Shapes that are no multiples of registers, and blocks in number: there the library's own sum over blocks does depend on it.
        var weights = TestModels.Random(TestModels.Config() with { HeadCount = 3, KvHeadCount = 1, ContextLength = 1000 });
        using var policy = TorchUse.Open(weights, TorchUse.Settings(slots: 5));
        SampleRequest[] own = [.. new[] { 420, 455, 470, 500 }.Select(length => Request($"{length}", length))];
        SampleRequest[] others = [.. Enumerable.Range(0, 5).Select(index => Request($"long {index}", 900 + index))];
        var alone = Describe(await PolicyUse.DrawAsync(policy, own));
        Assert.Equal(alone, Describe(await PolicyUse.DrawAsync(policy, [others[0], .. own, .. others[1..]])).Take(own.Length));

        static SampleRequest Request(string name, int length) =>
            PolicyUse.Request([.. Enumerable.Range(0, length).Select(t => 3 + (t * 11 % 55))], new SamplingOptions { MaxTokens = 40 }, name);
    }

    [EngineFact("torch-cpu")]
    public async Task Little_memory_for_keys_and_values_changes_nothing_but_the_speed()
    {
        SampleRequest[] requests = [.. MixedRequests(prompts: 5, samples: 6)];
        using var roomy = TorchUse.Open(Weights, TorchUse.Settings(slots: 30));
        var expected = Describe(await PolicyUse.DrawAsync(roomy, requests));
        long block = KvCache.BytesPerBlock(Weights.Config, TorchSharp.torch.float32);
        foreach (int blocks in new[] { 9, 14, 40 })
        {
            using var tight = TorchUse.Open(Weights, TorchUse.Settings(slots: 30, kvBytes: blocks * block));
            Assert.Equal(expected, Describe(await PolicyUse.DrawAsync(tight, requests)));
        }

        using var tooSmall = TorchUse.Open(Weights, TorchUse.Settings(kvBytes: 5 * block));
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => PolicyUse.DrawAsync(tooSmall, requests));
        Assert.Contains("shorten the text, or free memory", fault.Message, StringComparison.Ordinal);
    }

    [EngineFact("torch-cpu")]
    public async Task Completions_at_the_same_seed_are_those_of_the_managed_engine()
    {
        SampleRequest[] requests = [.. MixedRequests(prompts: 40, samples: 25)];
        using IPolicy torch = TorchUse.Open(Weights, TorchUse.Settings()), managed = TorchUse.Managed(Weights);
        var (actual, expected) = (await PolicyUse.DrawAsync(torch, requests), await PolicyUse.DrawAsync(managed, requests));
        int same = actual.Zip(expected).Count(pair => pair.First.TokenIds.SequenceEqual(pair.Second.TokenIds));
        Assert.True(same >= 0.99 * requests.Length, $"{same} of {requests.Length} completions are the same");
        foreach (var (left, right) in actual.Zip(expected).Where(pair => pair.First.TokenIds.SequenceEqual(pair.Second.TokenIds)))
        {
            Assert.Equal(right.LogProbability, left.LogProbability, 1e-4 * Math.Max(1, Math.Abs(right.LogProbability)));
            Assert.Equal(right.FinishReason, left.FinishReason);
        }
    }

    [EngineFact("torch-cpu")]
    public async Task Prompt_longer_than_a_step_is_computed_in_parts()
    {
        var weights = TestModels.Random(TestModels.Config() with { ContextLength = 900 });
        using IPolicy torch = TorchUse.Open(weights, TorchUse.Settings(slots: 3)), managed = TorchUse.Managed(weights);
        int[] prompt = [.. Enumerable.Range(0, 800).Select(t => t * 7 % 61)];
        SampleRequest[] requests = [.. Enumerable.Range(0, 5).Select(index => PolicyUse.Request(prompt, new SamplingOptions { MaxTokens = 6 }, index: index))];
        var drawn = await PolicyUse.DrawAsync(torch, requests);
        Assert.Equal((await PolicyUse.DrawAsync(managed, requests)).Select(item => item.TokenIds), drawn.Select(item => item.TokenIds));
        int[] all = [.. prompt, .. drawn[0].TokenIds];
        float[] scores = torch.LogProbabilities([all], CancellationToken.None).Single();
        Assert.Equal(drawn[0].LogProbability, scores[800..].Sum(score => (double)score), 1e-4);
    }

    [EngineFact("torch-cpu")]
    public void A_sequence_may_sit_out_steps_that_others_take()
    {
        var settings = TorchUse.Settings();
        using var model = new TorchModel(Weights, null, new PolicyFingerprint("", settings.Fingerprint), settings);
        var together = Draw(model, [[0, 1], [0, 1], [0, 1]]);
        var apart = Draw(model, [[0], [0], [1], [0], [1], [1]]);
        Assert.Equal(together, apart);
    }

    /// <summary>Two completions of one prompt, drawn in steps that each computes some of.</summary>
    private static List<DrawnToken>[] Draw(TorchModel model, int[][] steps)
    {
        using var decoder = model.OpenDecoder();
        int[] prompt = [.. Enumerable.Range(0, 70).Select(t => 3 + (t * 5 % 50))];
        using var opened = decoder.TryOpen(prompt.Length)!;
        decoder.Step([.. prompt.Select((id, position) => new DecoderRow(id, position, opened))], [], []);
        IDecoderSequence[] forks = [.. Enumerable.Range(0, 2).Select(_ => decoder.TryFork(opened, prompt.Length + 10)!)];
        var drawn = new DrawnToken[2];
        decoder.Step([], [Next(0, 0), Next(1, 0)], drawn);
        List<DrawnToken>[] all = [[drawn[0]], [drawn[1]]];
        foreach (int[] step in steps)
        {
            DecoderRow[] rows = [.. step.Select(fork => new DecoderRow(all[fork][^1].Id, prompt.Length + all[fork].Count - 1, forks[fork]))];
            decoder.Step(rows, [.. step.Select(fork => Next(fork, all[fork].Count))], drawn);
            foreach (var (fork, token) in step.Zip(drawn))
            {
                all[fork].Add(token);
            }
        }

        return all;

        TokenDraw Next(int fork, int position) =>
            new(forks[fork], new SamplingOptions(), RandomStream.Of(1, RandomPurpose.Sample).At(0, "", fork), (uint)position);
    }

    [EngineFact("torch-cpu")]
    public void Log_probabilities_do_not_depend_on_company()
    {
        using var policy = TorchUse.Open(Weights, TorchUse.Settings());
        int[][] sequences = [.. Enumerable.Range(1, 30).Select(n => Enumerable.Range(0, 1 + (n * 37 % 390)).Select(t => (t * n) % 61).ToArray())];
        var together = policy.LogProbabilities(sequences, CancellationToken.None).ToArray();
        for (int index = 0; index < sequences.Length; index++)
        {
            Assert.Equal(policy.LogProbabilities([sequences[index]], CancellationToken.None).Single(), together[index]);
        }
    }

    [EngineTheory("torch-cpu")]
    [InlineData(EngineDtype.Float32)]
    [InlineData(EngineDtype.Bfloat16)]
    public void A_test_of_the_device_tells_that_bits_do_not_depend_on_neighbours(EngineDtype dtype)
    {
        var fingerprint = TorchUse.Settings(dtype, threads: 2).Fingerprint;
        Assert.True(fingerprint.Deterministic);
        Assert.Matches("^2 threads, [0-9]+ rows$", fingerprint.Shapes);
        Assert.StartsWith("cpu", fingerprint.Device, StringComparison.Ordinal);
    }

    private static IEnumerable<SampleRequest> MixedRequests(int prompts, int samples)
    {
        SamplingOptions[] options =
        [
            new() { MaxTokens = 30 }, new() { Temperature = 0.7, TopK = 12, MaxTokens = 25 }, new() { Temperature = 1.3, TopP = 0.8, MaxTokens = 40 },
            new() { Temperature = 0, MaxTokens = 20 }, new() { TopK = 5, TopP = 0.9, MaxTokens = 33 },
        ];
        return from prompt in Enumerable.Range(0, prompts)
               from sample in Enumerable.Range(0, samples)
               select PolicyUse.Request(
                   [.. Enumerable.Range(0, 1 + (prompt * 53 % 190)).Select(t => 3 + (((t * t) + prompt) % 55))], options[(prompt + sample) % options.Length], $"p{prompt}", sample);
    }

    private static List<string> Describe(IEnumerable<Completion> completions) => [.. completions.Select(static completion =>
        FormattableString.Invariant($"{completion.ProblemId} {completion.Index}: {string.Join(' ', completion.TokenIds)} {completion.LogProbability:R} {completion.FinishReason}"))];
}
