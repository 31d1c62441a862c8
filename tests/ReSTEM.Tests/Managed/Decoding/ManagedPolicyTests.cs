using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class ManagedPolicyTests
{
    private static readonly ModelWeights Weights = TestModels.Random(TestModels.Config(tied: false));

    private static readonly Dictionary<EngineDtype, Lazy<List<(int[] Ids, double LogProbability)>>> FullRecomputation = new()
    {
        [EngineDtype.Float32] = new(static () => DrawByFullRecomputation(NumberFormat.Float32)),
        [EngineDtype.Bfloat16] = new(static () => DrawByFullRecomputation(NumberFormat.Bfloat16)),
        [EngineDtype.Int8] = new(static () => DrawByFullRecomputation(NumberFormat.Int8)),
    };

    [Theory]
    [InlineData(1, 1, EngineDtype.Float32)]
    [InlineData(1, 7, EngineDtype.Float32)]
    [InlineData(2, 7, EngineDtype.Float32)]
    [InlineData(2, 64, EngineDtype.Float32)]
    [InlineData(3, 2, EngineDtype.Float32)]
    [InlineData(1, 1, EngineDtype.Bfloat16)]
    [InlineData(2, 7, EngineDtype.Bfloat16)]
    [InlineData(2, 64, EngineDtype.Bfloat16)]
    [InlineData(3, 2, EngineDtype.Bfloat16)]
    [InlineData(1, 1, EngineDtype.Int8)]
    [InlineData(2, 7, EngineDtype.Int8)]
    [InlineData(2, 64, EngineDtype.Int8)]
    [InlineData(3, 2, EngineDtype.Int8)]
    public async Task Tokens_do_not_depend_on_slots_threads_or_other_requests(int threads, int slots, EngineDtype dtype)
    {
        using var policy = Policy(new EngineOptions { Threads = threads, Slots = slots, Dtype = dtype });
        List<Completion> drawn = await PolicyUse.DrawAsync(policy, MixedRequests());
        List<(int[] Ids, double LogProbability)> expected = FullRecomputation[dtype].Value;
        Assert.Equal(expected.Count, drawn.Count);
        for (int i = 0; i < drawn.Count; i++)
        {
            Assert.Equal(expected[i].Ids, drawn[i].TokenIds);
            Assert.Equal(expected[i].LogProbability, drawn[i].LogProbability); // bit for bit
        }
    }

    [Theory]
    [InlineData(EngineDtype.Float32, "548a83732a1d9a39876e2010de2e5f29")]
    [InlineData(EngineDtype.Bfloat16, "310da7ca343a26892919486895067978")]
    [InlineData(EngineDtype.Int8, "583594c7245b814920208600b3638436")]
    public async Task Bits_are_those_that_were_recorded(EngineDtype dtype, string expected)
    {
        // Recorded from this engine: any change of bits, on any width of registers, must be meant and raises ArithmeticVersion.
        using var policy = Policy(new EngineOptions { Threads = 2, Slots = 20, Dtype = dtype });
        string all = string.Join('\n', (await PolicyUse.DrawAsync(policy, MixedRequests())).Select(Describe));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
        Assert.Equal("1", ManagedEngine.IdentityOf(dtype).Version);
        Assert.Equal(expected, hash[..32]);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(400, true)]
    public void A_block_is_cleared_before_its_first_use(int blocks, bool isOfAnother)
    {
        var model = new PackedModel(Weights);
        var memory = new KvMemory(model, blocks);
        var shape = model.Layers[^1].Attention;
        var cache = memory.Layer(model.Layers.Count - 1);
        float[] nothing = new float[shape.RowDim], output = new float[shape.QueryDim];
        Array.Fill(nothing, float.NaN);
        foreach (int layer in Enumerable.Range(0, model.Layers.Count))
        {
            foreach (int place in Enumerable.Range(0, blocks * KvBlocks.BlockLength))
            {
                memory.Layer(layer).Write(nothing, place / KvBlocks.BlockLength, place % KvBlocks.BlockLength); // as memory may be that was never used, or that another used
            }
        }

        if (isOfAnother)
        {
            memory.Dispose();
            memory = new KvMemory(model, blocks);
            cache = memory.Layer(model.Layers.Count - 1);
        }

        Assert.All([memory.Take(), memory.Take(), memory.Take(), memory.Take()], block =>
        {
            DecodeAttention.Apply(new float[shape.RowDim], cache, [block], 1, new float[DecodeAttention.ScratchLength(shape, 16)], output);
            Assert.All(output, value => Assert.Equal(0f, value));
        });
    }

    [Theory]
    [InlineData(EngineDtype.Float32)]
    [InlineData(EngineDtype.Bfloat16)]
    [InlineData(EngineDtype.Int8)]
    public async Task Memory_of_a_policy_that_was_closed_changes_nothing_in_the_next(EngineDtype dtype)
    {
        var options = new EngineOptions { Threads = 2, Slots = 64, Dtype = dtype };
        using var lasting = Policy(options);
        string[] expected = [.. (await PolicyUse.DrawAsync(lasting, MixedRequests())).Select(Describe)];
        ModelWeights damaged = TestModels.Random(Weights.Config);
        damaged.Tensors.ToList().ForEach(tensor => Array.Fill(tensor.Values, float.NaN));
        SampleRequest[] filling = [.. Enumerable.Range(0, 8).Select(problem => PolicyUse.Request([.. Enumerable.Repeat(problem, 80)], new SamplingOptions { MaxTokens = 5 }, $"problem {problem}"))];
        for (int turn = 0; turn < 3; turn++)
        {
            using (IPolicy policy = ManagedEngine.Open(damaged, "", null, options))
            {
                await Assert.ThrowsAsync<InvalidDataException>(() => PolicyUse.DrawAsync(policy, filling)); // its keys and values are no numbers
            }

            using var next = Policy(options);
            Assert.Equal(expected, (await PolicyUse.DrawAsync(next, MixedRequests())).Select(Describe));
        }

        Assert.Equal(expected, (await PolicyUse.DrawAsync(lasting, MixedRequests())).Select(Describe));
    }

    [Theory]
    [InlineData(EngineDtype.Float32)]
    [InlineData(EngineDtype.Bfloat16)]
    [InlineData(EngineDtype.Int8)]
    public async Task Little_memory_for_keys_and_values_changes_nothing_but_the_speed(EngineDtype dtype)
    {
        long block = KvMemory.BytesPerBlock(Weights.Config, new EngineOptions { Dtype = dtype }.FormatBeside);
        using var tight = Policy(new EngineOptions { Threads = 1, Slots = 8, KvMemoryBytes = 9 * block, Dtype = dtype });
        using var roomy = Policy(new EngineOptions { Threads = 1, Slots = 8, Dtype = dtype });
        List<Completion> expected = await PolicyUse.DrawAsync(roomy, MixedRequests());
        Assert.Equal(expected.Select(Describe), (await PolicyUse.DrawAsync(tight, MixedRequests())).Select(Describe));

        using var tooSmall = Policy(new EngineOptions { Threads = 1, KvMemoryBytes = 2 * block, Dtype = dtype });
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => PolicyUse.DrawAsync(tooSmall, MixedRequests()));
        Assert.Contains("shorten the text or raise the memory", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_it_computes_in_is_named_and_other_numbers_are_refused()
    {
        using var policy = Policy(new EngineOptions { Threads = 1, Dtype = EngineDtype.Bfloat16 });
        Assert.Equal("managed 1 bfloat16", policy.Fingerprint.Engine.Describe());
        Assert.Equal(policy.Fingerprint.Engine, new ManagedEngine(new EngineOptions { Dtype = EngineDtype.Bfloat16 }).Fingerprint);
        var fault = Assert.Throws<ArgumentException>(() => Policy(new EngineOptions { Threads = 1, Dtype = EngineDtype.Int4 }));
        Assert.Equal("engine.dtype is int4, expected float32 or bfloat16 or int8: managed computes in no other numbers.", fault.Message);
    }

    [Fact]
    public async Task Prompt_longer_than_a_step_is_computed_in_parts()
    {
        ModelWeights weights = TestModels.Random(TestModels.Config() with { ContextLength = 700 });
        using var policy = ManagedEngine.Open(weights, "", null, new EngineOptions { Threads = 1, Slots = 3 });
        int[] prompt = [.. Enumerable.Range(0, 600).Select(t => (t * 7) % 61)];
        var options = new SamplingOptions { Temperature = 0, MaxTokens = 5 };
        List<Completion> drawn = await PolicyUse.DrawAsync(
            policy, Enumerable.Range(0, 5).Select(index => PolicyUse.Request(prompt, options, index: index)));
        Assert.All(drawn, completion => Assert.Equal(drawn[0].TokenIds, completion.TokenIds));

        int[] all = [.. prompt, .. drawn[0].TokenIds];
        float[] scores = policy.LogProbabilities([all], CancellationToken.None).Single();
        Assert.Equal(drawn[0].LogProbability, scores[600..].Sum(score => (double)score), 1e-5);
    }

    [Fact]
    public async Task Completion_ends_at_the_end_token_the_limit_or_the_end_of_the_context()
    {
        using var policy = Policy(new EngineOptions { Threads = 1 });
        List<Completion> drawn = await PolicyUse.DrawAsync(policy, Enumerable.Range(0, 60).Select(index =>
            PolicyUse.Request([1, 5, 9], new SamplingOptions { MaxTokens = 20 }, index: index)));
        Assert.Contains(drawn, completion => completion.FinishReason is FinishReason.EndOfText);
        foreach (Completion completion in drawn)
        {
            bool ended = completion.TokenIds[^1] == 2;
            Assert.Equal(ended ? FinishReason.EndOfText : FinishReason.MaxTokens, completion.FinishReason);
            Assert.DoesNotContain(2, completion.TokenIds.SkipLast(1));
            Assert.InRange(completion.TokenIds.Count, ended ? 1 : 20, 20);
            Assert.Equal("", completion.Text);
        }

        int[] longPrompt = [.. Enumerable.Repeat(3, 95)]; // of a context of 96
        Completion last = (await PolicyUse.DrawAsync(policy, [PolicyUse.Request(longPrompt, new() { MaxTokens = 20, Temperature = 0 })])).Single();
        Assert.Single(last.TokenIds);
        Assert.Contains(last.FinishReason, new[] { FinishReason.ContextFull, FinishReason.EndOfText });
    }

    [Fact]
    public async Task Consumer_may_stop_early_and_the_policy_goes_on_working()
    {
        using var policy = Policy(new EngineOptions { Threads = 2, Slots = 4 });
        int pulled = 0;
        IEnumerable<SampleRequest> Endless()
        {
            while (true)
            {
                pulled++;
                yield return PolicyUse.Request([1, 4], new() { MaxTokens = 6 }, index: pulled % 1000);
            }
        }

        int seen = 0;
        await foreach (Completion _ in policy.SampleAsync(Endless(), CancellationToken.None))
        {
            if (++seen == 10)
            {
                break;
            }
        }

        int afterwards = pulled;
        Assert.InRange(afterwards, 10, 60); // a slow consumer holds the drawing back
        Assert.Equal(12, (await PolicyUse.DrawAsync(policy, MixedRequests().Take(12))).Count);
        Assert.Equal(afterwards, pulled);
    }

    [Fact]
    public async Task Cancellation_reaches_the_consumer()
    {
        using var policy = Policy(new EngineOptions { Threads = 2, Slots = 4 });
        using var source = new CancellationTokenSource();
        IEnumerable<SampleRequest> requests = Enumerable.Range(0, 100_000).Select(index => PolicyUse.Request([1, 4], new() { MaxTokens = 60 }, index: index));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (Completion _ in policy.SampleAsync(requests, source.Token))
            {
                await source.CancelAsync();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => policy.LogProbabilities([[1, 2, 3]], source.Token).ToList());
    }

    [Fact]
    public async Task Failure_of_the_request_source_reaches_the_consumer()
    {
        using var policy = Policy(new EngineOptions { Threads = 2, Slots = 4 });
        static IEnumerable<SampleRequest> Failing()
        {
            yield return PolicyUse.Request([1, 4], new() { MaxTokens = 6 });
            throw new InvalidTimeZoneException("the source failed");
        }

        var fault = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => PolicyUse.DrawAsync(policy, Failing()));
        Assert.Equal("the source failed", fault.Message);
    }

    [Fact]
    public async Task Requests_that_cannot_be_served_are_refused()
    {
        using var policy = Policy(new EngineOptions { Threads = 1 });
        (SampleRequest Request, string Message)[] cases =
        [
            (PolicyUse.Request([], new()), "the prompt has 0 tokens, expected 1 to 95"),
            (PolicyUse.Request([.. Enumerable.Repeat(1, 96)], new()), "the prompt has 96 tokens"),
            (PolicyUse.Request([61], new()), "a token id is 61, expected 0 to 60"),
            (PolicyUse.Request([1], new() { Temperature = -1 }), "temperature is -1"),
            (PolicyUse.Request([1], new() { Temperature = double.NaN }), "temperature is NaN"),
            (PolicyUse.Request([1], new() { TopP = 0 }), "top_p is 0"),
            (PolicyUse.Request([1], new() { TopK = -1 }), "top_k is -1"),
            (PolicyUse.Request([1], new() { MaxTokens = 0 }), "max_tokens is 0"),
            (PolicyUse.Request([1], new() { Stop = ["x"] }), "expected none for a model without tokenizer"),
        ];
        foreach (var (request, message) in cases)
        {
            var fault = await Assert.ThrowsAsync<ArgumentException>(() => PolicyUse.DrawAsync(policy, [request]));
            Assert.Contains(message, fault.Message, StringComparison.Ordinal);
            Assert.StartsWith("problem p, sample 0: ", fault.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => policy.LogProbabilities([[]], CancellationToken.None).ToList());
        Assert.Throws<ArgumentException>(() => policy.LogProbabilities([[1, 99]], CancellationToken.None).ToList());
    }

    [Theory]
    [InlineData(1, EngineDtype.Float32)]
    [InlineData(2, EngineDtype.Float32)]
    [InlineData(2, EngineDtype.Bfloat16)]
    [InlineData(2, EngineDtype.Int8)]
    public void Log_probabilities_do_not_depend_on_company_or_threads(int threads, EngineDtype dtype)
    {
        RandomSequence random = RandomStream.Of(4, RandomPurpose.Problems).Sequence();
        int[][] sequences = [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 1 + random.Below(96)).Select(_ => random.Below(61)).ToArray())];
        using var policy = Policy(new EngineOptions { Threads = threads, Slots = 3, Dtype = dtype });
        float[][] together = [.. policy.LogProbabilities(sequences, CancellationToken.None)];
        float[][] alone = [.. sequences.Select(ids => policy.LogProbabilities([ids], CancellationToken.None).Single())];
        Assert.Equal(alone, together);
        Assert.All(together, scores => Assert.Equal(0, scores[0]));
    }

    private static IPolicy Policy(EngineOptions options) => ManagedEngine.Open(Weights, "", null, options);

    private static string Describe(Completion completion) =>
        $"{completion.ProblemId} {completion.Index} [{string.Join(' ', completion.TokenIds)}] {completion.LogProbability:R} {completion.FinishReason}";

    /// <summary>Six prompts of lengths around the block size with several samples each, all kinds of options.</summary>
    private static IEnumerable<SampleRequest> MixedRequests()
    {
        SamplingOptions[] options =
        [
            new() { MaxTokens = 30 }, new() { MaxTokens = 17, Temperature = 0 }, new() { MaxTokens = 40, Temperature = 0.7, TopK = 10 },
            new() { MaxTokens = 1, TopP = 0.9 }, new() { MaxTokens = 25, Temperature = 1.4, TopP = 0.8, TopK = 30 },
        ];
        int[] lengths = [1, 15, 16, 17, 33, 60];
        for (int problem = 0; problem < lengths.Length; problem++)
        {
            int[] prompt = [.. Enumerable.Range(0, lengths[problem]).Select(t => ((t * 11) + problem) % 61)];
            for (int index = 0; index < 5 + problem; index++)
            {
                yield return PolicyUse.Request(prompt, options[index % options.Length], $"problem {problem}", index);
            }
        }
    }

    /// <summary>No cache, no batch, no sharing: the whole sequence again for every token.</summary>
    private static List<(int[] Ids, double LogProbability)> DrawByFullRecomputation(NumberFormat format)
    {
        var decoder = new TransformerDecoder(new PackedModel(Weights, format: format), maxRows: 200, blockCount: 40);
        var sampler = new TokenSampler(Weights.Config.VocabularySize);
        return [.. MixedRequests().Select(request => DrawByFullRecomputation(request, decoder, sampler))];
    }

    private static (int[] Ids, double LogProbability) DrawByFullRecomputation(
        SampleRequest request, TransformerDecoder decoder, TokenSampler sampler)
    {
        var ids = new List<int>();
        double logProbability = 0;
        float[] logits = new float[Weights.Config.VocabularySize];
        while (ids.Count < request.Options.MaxTokens && ids.Count + request.PromptIds.Count < 96 && (ids.Count == 0 || ids[^1] != 2))
        {
            int[] all = [.. request.PromptIds, .. ids];
            using KvSequence sequence = KvSequence.TryOpen(decoder.Memory, all.Length)!;
            sequence.MakeRoom(all.Length);
            decoder.Forward([.. all.Select((id, position) => new KvRow(id, position, sequence))]);
            decoder.Logits([all.Length - 1], logits);
            DrawnToken token = sampler.Draw(logits, request.Options, request.Random, (uint)ids.Count);
            ids.Add(token.Id);
            logProbability += token.LogProbability;
        }

        return ([.. ids], logProbability);
    }
}
