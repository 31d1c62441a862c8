using System.Collections;
using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Tests;

public sealed class SchedulerTests
{
    private static readonly BigramWeights Weights = BigramWeights.Random();

    [Theory]
    [InlineData("1", 1000)]
    [InlineData("7", 1000)]
    [InlineData("4 3", 1000)]
    [InlineData("64 64", 10_000)]
    [InlineData("2 1 1", 1000)]
    [InlineData("8 8", 64)] // memory for hardly more than one
    [InlineData("5", 80)]
    public async Task Completions_do_not_depend_on_lanes_slots_or_memory(string slots, int memory)
    {
        using var run = new SchedulerRun(Weights, new BigramOptions { LaneSlots = [.. slots.Split(' ').Select(int.Parse)], Memory = memory });
        List<Completion> drawn = await PolicyUse.DrawAsync(run.Policy, Mixed());
        SampleRequest[] requests = [.. Mixed()];
        Assert.Equal(requests.Length, drawn.Count);
        foreach (var (request, completion) in requests.Zip(drawn))
        {
            Assert.Equal((request.ProblemId, request.Index), (completion.ProblemId, completion.Index));
            var (ids, logProbability) = DrawAlone(request);
            Assert.Equal(ids, completion.TokenIds);
            Assert.Equal(logProbability, completion.LogProbability); // bit for bit
        }

        run.AssertNothingIsHeld();
    }

    [Theory]
    [InlineData("8", 1)]
    [InlineData("8", 2)]
    [InlineData("8", 5)]
    [InlineData("5 4", 2)]
    public async Task Where_memory_runs_short_the_same_is_drawn_with_half_the_slots(string slots, int shortages)
    {
        int step = 0, left = shortages;
        using var run = new SchedulerRun(Weights, new BigramOptions
        {
            LaneSlots = [.. slots.Split(' ').Select(int.Parse)],
            OnStep = _ => ThrowIf(Interlocked.Increment(ref step) % 20 == 0 && Interlocked.Decrement(ref left) >= 0),
        });
        SampleRequest[] requests = [.. Mixed()];
        if (shortages > System.Numerics.BitOperations.Log2((uint)run.Model.LaneSlots.Max()))
        {
            var fault = await Assert.ThrowsAsync<EngineException>(() => PolicyUse.DrawAsync(run.Policy, requests));
            Assert.Contains("ran out of memory", fault.Message, StringComparison.Ordinal);
            Assert.Contains("no slots left", fault.Message, StringComparison.Ordinal);
            return;
        }

        List<Completion> drawn = await PolicyUse.DrawAsync(run.Policy, requests);
        Assert.Equal(requests.Length, drawn.Count);
        foreach (var (request, completion) in requests.Zip(drawn))
        {
            var (ids, logProbability) = DrawAlone(request);
            Assert.Equal(ids, completion.TokenIds);
            Assert.Equal(logProbability, completion.LogProbability);
        }

        Assert.Equal(shortages + run.Model.LaneSlots.Count, run.Model.Decoders.Count);
        Assert.True(run.Model.LaneSlots[0] < int.Parse(slots.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
        run.AssertNothingIsHeld();

        static void ThrowIf(bool isShort)
        {
            if (isShort)
            {
                throw new DecoderMemoryException(new InvalidOperationException("out of memory"));
            }
        }
    }

    [Fact]
    public async Task Prompt_is_computed_once_for_all_its_samples()
    {
        using var run = new SchedulerRun(Weights, new BigramOptions { LaneSlots = [3] });
        List<Completion> drawn = await PolicyUse.DrawAsync(run.Policy, Many(prompts: 2, samples: 10, maxTokens: 5));
        BigramDecoder decoder = Assert.Single(run.Model.Decoders);
        Assert.Equal(2, decoder.PromptCount);
        Assert.Equal(20, decoder.ForkCount);

        // the last token of a completion is drawn but never computed
        Assert.Equal((2 * SchedulerRun.PromptLength) + drawn.Sum(completion => completion.TokenIds.Count - 1), decoder.RowCount);
    }

    [Theory]
    [InlineData(1, 16, "8 8")]
    [InlineData(16, 1, "8 8")]
    [InlineData(4, 4, "8 8")]
    [InlineData(1, 3, "1 1 1")]
    [InlineData(1, 5, "2 2 1")]
    [InlineData(3, 30, "30 30 30")]
    public async Task Every_lane_gets_its_share_however_few_requests_there_are(int prompts, int samples, string expected)
    {
        int[] shares = [.. expected.Split(' ').Select(int.Parse)];
        using var all = new CountdownEvent(shares.Length);
        var options = new BigramOptions
        {
            LaneSlots = [.. shares.Select(_ => 32)],
            Memory = 10_000,
            OnStep = _ =>
            {
                // no lane computes before each has taken what it may
                if (all.CurrentCount > 0)
                {
                    all.Signal();
                    Assert.True(all.Wait(TimeSpan.FromSeconds(20)));
                }
            },
        };
        using var run = new SchedulerRun(Weights, options);
        await PolicyUse.DrawAsync(run.Policy, Many(prompts, samples, maxTokens: 40));
        Assert.Equal(shares, run.Model.Decoders.Select(decoder => decoder.ForkCount).OrderDescending());
        Assert.InRange(run.Model.Decoders.Sum(decoder => decoder.PromptCount), prompts, prompts + shares.Length - 1);
    }

    [Fact]
    public async Task Failing_step_reaches_the_consumer_and_its_decoder_is_not_used_again()
    {
        int steps = 0;
        using var run = new SchedulerRun(Weights, new BigramOptions
        {
            LaneSlots = [4, 4],
            OnStep = _ =>
            {
                if (Interlocked.Increment(ref steps) == 7)
                {
                    throw new InvalidTimeZoneException("the device is gone");
                }
            },
        });
        var fault = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => PolicyUse.DrawAsync(run.Policy, Many(5, 50, maxTokens: 30)));
        Assert.Equal("the device is gone", fault.Message);
        Assert.Single(run.Model.Decoders, decoder => decoder.IsDisposed);
        run.AssertNothingIsHeld();
        Assert.Equal(40, (await PolicyUse.DrawAsync(run.Policy, Many(4, 10, maxTokens: 3))).Count);
    }

    [Fact]
    public async Task Disposed_policy_refuses_at_the_call_and_what_is_under_way_goes_on()
    {
        using var run = new SchedulerRun(Weights, new BigramOptions { LaneSlots = [2, 2] });
        int count = 0;
        await foreach (Completion _ in run.Policy.SampleAsync(Many(4, 10, maxTokens: 20), CancellationToken.None))
        {
            count++;
            run.Policy.Dispose();
        }

        Assert.Equal(40, count);
        Assert.True(run.Model.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => run.Policy.SampleAsync([], CancellationToken.None));
        Assert.Throws<ObjectDisposedException>(() => run.Policy.LogProbabilities([[1]], CancellationToken.None));
    }

    [Fact]
    public void Disposed_policy_scores_on_what_is_under_way()
    {
        using var run = new SchedulerRun(Weights, new BigramOptions { LaneSlots = [2, 2] });
        int count = 0;
        foreach (float[] _ in run.Policy.LogProbabilities(Enumerable.Range(0, 500).Select(_ => new[] { 1, 2, 3 }), CancellationToken.None))
        {
            count++;
            run.Policy.Dispose();
            Assert.False(run.Model.IsDisposed);
        }

        Assert.Equal(500, count);
        Assert.True(run.Model.IsDisposed);
    }

    [Fact]
    public async Task Lane_that_begins_after_the_policy_was_disposed_goes_on_too()
    {
        using var run = new SchedulerRun(Weights, new BigramOptions { LaneSlots = [2, 2] });
        var requests = new ActingSequence<SampleRequest>(Many(4, 10, maxTokens: 20), run.Policy.Dispose);
        Assert.Equal(40, (await PolicyUse.DrawAsync(run.Policy, requests)).Count);
        Assert.True(run.Model.IsDisposed);
    }

    [Fact]
    public async Task Engine_that_breaks_its_promise_of_room_is_named_instead_of_waited_for()
    {
        using var run = new SchedulerRun(Weights, new BigramOptions { Memory = 9, RefusesNothing = true });
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => PolicyUse.DrawAsync(run.Policy, Many(1, 2, maxTokens: 20)));
        Assert.Contains("refuses a prompt of 6 tokens and 25 positions, expected room", fault.Message, StringComparison.Ordinal);
        using var told = new SchedulerRun(Weights, new BigramOptions { Memory = 9 });
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => PolicyUse.DrawAsync(told.Policy, Many(1, 2, maxTokens: 20)));
        Assert.Equal("problem p0, sample 0: 25 positions are wanted, expected at most 9.", refused.Message);
    }

    [Fact]
    public async Task Completion_ends_at_a_stop_string_a_limit_or_the_context()
    {
        using var run = new SchedulerRun(Weights, new BigramOptions { LaneSlots = [5, 5] });
        int room = BigramWeights.ContextLength - SchedulerRun.PromptLength;
        var reasons = new HashSet<FinishReason>();
        foreach (Completion completion in await PolicyUse.DrawAsync(run.Policy, Enumerable.Range(0, 200).Select(index => PolicyUse.Request(
            SchedulerRun.Prompt(3), new SamplingOptions { MaxTokens = index % 2 == 0 ? 30 : 1000, Stop = ["e", "xy"] }, index: index))))
        {
            reasons.Add(completion.FinishReason);
            string text = BigramWeights.Tokenizer.Decode([.. completion.TokenIds], skipSpecialTokens: true);
            int stop = text.IndexOf('e', StringComparison.Ordinal);
            if (completion.FinishReason is FinishReason.StopString)
            {
                Assert.Equal(text[..^(text.EndsWith('e') ? 1 : 2)], completion.Text);
            }
            else
            {
                Assert.Equal((text, -1), (completion.Text, stop));
            }

            Assert.InRange(completion.TokenIds.Count, completion.FinishReason is FinishReason.ContextFull ? room : 1, room);
        }

        Assert.Equal(4, reasons.Count);
    }

    [Theory]
    [InlineData("3", 1000)]
    [InlineData("9 9", 30)]
    public void Log_probabilities_are_those_of_the_table(string slots, int memory)
    {
        using var run = new SchedulerRun(Weights, new BigramOptions { LaneSlots = [.. slots.Split(' ').Select(int.Parse)], Memory = memory });
        RandomSequence random = RandomStream.Of(4, RandomPurpose.Problems).Sequence();
        int[][] sequences = [.. Enumerable.Range(0, 150).Select(_ => Enumerable.Range(0, 1 + random.Below(30)).Select(_ => random.Below(97)).ToArray())];
        float[][] scores = [.. run.Policy.LogProbabilities(sequences, CancellationToken.None)];
        foreach (var (ids, score) in sequences.Zip(scores))
        {
            Assert.Equal(ids.Length, score.Length);
            Assert.Equal(0, score[0]);
            for (int t = 1; t < ids.Length; t++)
            {
                float[] logits = [.. Weights.After(ids[t - 1])];
                Assert.Equal(logits[ids[t]] - Math.Log(logits.Sum(logit => Math.Exp(logit))), score[t], 1e-5);
            }
        }

        run.AssertNothingIsHeld();
    }

    private static IEnumerable<SampleRequest> Many(int prompts, int samples, int maxTokens) =>
        from prompt in Enumerable.Range(0, prompts)
        from index in Enumerable.Range(0, samples)
        select PolicyUse.Request(SchedulerRun.Prompt(prompt), new SamplingOptions { MaxTokens = maxTokens }, $"p{prompt}", index);

    /// <summary>Prompts of several lengths, some of one request, some of many, with all kinds of options.</summary>
    private static IEnumerable<SampleRequest> Mixed()
    {
        SamplingOptions[] options =
        [
            new() { MaxTokens = 20 }, new() { MaxTokens = 9, Temperature = 0 }, new() { MaxTokens = 30, Temperature = 0.7, TopK = 10 },
            new() { MaxTokens = 1, TopP = 0.9 },
        ];
        int[] counts = [1, 9, 1, 1, 14, 3, 1, 20];
        for (int problem = 0; problem < counts.Length; problem++)
        {
            int[] prompt = [.. Enumerable.Range(0, 1 + (problem * 3)).Select(t => ((t * 11) + problem) % 97)];
            for (int index = 0; index < counts[problem]; index++)
            {
                yield return PolicyUse.Request(prompt, options[index % options.Length], $"problem {problem}", index);
            }
        }
    }

    /// <summary>Straight from the table, without the scheduler.</summary>
    private static (int[] Ids, double LogProbability) DrawAlone(SampleRequest request)
    {
        var sampler = new TokenSampler(BigramWeights.VocabularySize);
        var ids = new List<int>();
        double logProbability = 0;
        while (ids.Count < request.Options.MaxTokens && (ids.Count == 0 || ids[^1] != CharacterTokenizer.EndToken))
        {
            DrawnToken token = sampler.Draw(
                Weights.After(ids.Count == 0 ? request.PromptIds[^1] : ids[^1]), request.Options, request.Random, (uint)ids.Count);
            ids.Add(token.Id);
            logProbability += token.LogProbability;
        }

        return ([.. ids], logProbability);
    }

    /// <summary>Does something when its enumeration begins, which is before any lane does.</summary>
    private sealed class ActingSequence<T>(IEnumerable<T> items, Action begin) : IEnumerable<T>
    {
        public IEnumerator<T> GetEnumerator()
        {
            begin();
            return items.GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <summary>A policy over the bigram engine whose decoders a test looks into.</summary>
internal sealed class SchedulerRun : IDisposable
{
    internal const int PromptLength = 6;

    internal SchedulerRun(BigramWeights weights, BigramOptions options)
    {
        Model = new BigramModel(weights, options);
        Policy = new DecoderPolicy(Model, BigramWeights.Tokenizer);
    }

    internal BigramModel Model { get; }

    internal DecoderPolicy Policy { get; }

    internal static int[] Prompt(int number) => [.. Enumerable.Range(0, PromptLength).Select(t => 1 + (((t * 7) + (number * 5)) % 90))];

    internal void AssertNothingIsHeld() => Assert.All(Model.Decoders, decoder => Assert.Equal(0, decoder.Held));

    public void Dispose()
    {
        Policy.Dispose();
        Assert.True(Model.IsDisposed);
    }
}
