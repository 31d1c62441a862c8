using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>However a synthesis is stopped, starting it again ends with the ledger and the file of one that was never stopped.</summary>
public sealed class SynthesisTests : IDisposable
{
    private static readonly SynthesisOptions Options = new()
    {
        Seed = 5,
        Labels = [KeyValuePair.Create("good", "praising"), KeyValuePair.Create("bad", "harsh")],
        DataPrompt = "Real ones:\n{examples}\nWrite a {label} review of {dish}.",
        Attributes = [KeyValuePair.Create<string, IReadOnlyList<string>>("dish", ["soup", "bread"])],
        Examples = new RealExamples(
            [new("r", FakeWriter.RealText, "good"), .. Enumerable.Range(0, 20).Select(i => new RealText($"r{i}", $"Other number {i}.", i % 2 == 0 ? "good" : "bad"))],
            2, "- {text}", "\n"),
        PerLabel = 20,
        Sampling = new SamplingOptions(),
    };

    private readonly List<ScratchFolder> _scratch = [];

    public void Dispose() => _scratch.ForEach(folder => folder.Dispose());

    [Fact]
    public async Task Every_label_gets_its_texts_and_every_completion_is_counted_once()
    {
        TextPool pool = await RunAsync(NewFolder(), _ => { }, 4);
        Assert.Equal(40, pool.Kept.Count);
        Assert.Equal(40, pool.Kept.Select(text => text.Text).Distinct().Count());
        Assert.DoesNotContain(pool.Kept, text => text.Text == FakeWriter.RealText || text.Text.Contains("Write a", StringComparison.Ordinal));
        foreach (var (_, counts) in pool.Counts)
        {
            Assert.Equal(20, counts.Kept);
            Assert.True(counts is { Empty: > 0, Unfinished: > 0, Leaks: > 0, Copies: > 0, Duplicates: > 0 }, $"{counts}");
            Assert.Equal(counts.Drawn, counts.Empty + counts.Unfinished + counts.Leaks + counts.Copies + counts.Duplicates + counts.Surplus + counts.Kept);
        }
    }

    [Fact]
    public async Task Dying_at_any_completion_changes_nothing()
    {
        string whole = NewFolder();
        int completions = 0;
        string expected = await FileOf(whole, _ => completions++, 4);
        for (int at = 1; at <= completions; at += 7)
        {
            string folder = NewFolder();
            int left = at;
            await Assert.ThrowsAsync<StoppedException>(() => RunAsync(folder, _ => left = left == 1 ? throw new StoppedException() : left - 1, 3));
            Assert.Equal(expected, await FileOf(folder, _ => { }, 5)); // with another batch, too
            Assert.Equal(DigestOf(whole), DigestOf(folder));
        }
    }

    [Fact]
    public async Task A_finished_synthesis_opens_no_model_and_more_rounds_go_on_where_few_gave_up()
    {
        string folder = NewFolder();
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(folder, _ => { }, 4, Options with { Rounds = 1 }));
        Assert.Matches(@"^label '(good|bad)' has \d+ texts after 1 rounds, expected 20: of 20 completions \d+ were empty, .*limits\.rounds", fault.Message);
        string expected = await FileOf(NewFolder(), _ => { }, 4);
        Assert.Equal(expected, await FileOf(folder, request => Assert.True(request.Random.Address != "", "drawn"), 4));
        using RunLedger ledger = RunLedger.Open(folder);
        TextPool pool = await new Core.Synthesis(Options, ledger, new FakeProgress(_ => { }), TimeProvider.System)
            .RunAsync(() => throw new StoppedException(), CancellationToken.None);
        Assert.False(pool.IsShort);
    }

    private static async Task<string> FileOf(string folder, Action<SampleRequest> onSample, int slots)
    {
        TextPool pool = await RunAsync(folder, onSample, slots);
        string file = Path.Combine(folder, SyntheticFile.FileName);
        SyntheticFile.Write(file, pool.Kept, Options, new PolicyFingerprint("writer", FakeEngine.Identity));
        return File.ReadAllText(file);
    }

    private static async Task<TextPool> RunAsync(string folder, Action<SampleRequest> onSample, int slots, SynthesisOptions? options = null)
    {
        using RunLedger ledger = RunLedger.Open(folder);
        var model = new ModelInfo
        {
            Tokenizer = new FakeTokenizer(),
            ContextLength = 1000,
            EndTokenIds = [3],
            Digests = new Dictionary<string, string>(),
            Description = "fake",
            VocabularySize = char.MaxValue + 1,
            ParameterCount = 1,
        };
        return await new Core.Synthesis(options ?? Options, ledger, new FakeProgress(_ => { }), TimeProvider.System)
            .RunAsync(() => new PromptedPolicy(new FakeWriter(onSample, slots), model, IsUntrained: true), CancellationToken.None);
    }

    private static string DigestOf(string folder)
    {
        using RunLedger ledger = RunLedger.Open(folder);
        return ledger.ContentDigest();
    }

    private string NewFolder()
    {
        var scratch = new ScratchFolder();
        _scratch.Add(scratch);
        string folder = scratch.File("run");
        Directory.CreateDirectory(folder);
        return folder;
    }

    private sealed class StoppedException : Exception;
}
