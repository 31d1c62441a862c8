using ReSTEM.Cluster;
using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class ShardStoreTests : IDisposable
{
    private static readonly Problem[] Problems = [.. Enumerable.Range(0, 4).Select(i => new Problem { Id = $"p{i}", Task = TaskKind.Math, Prompt = $"{i}?", Reference = $"{i}" })];

    private readonly ScratchFolder _scratch = new();

    private static ShardSpec Spec { get; } = new()
    {
        Contract = ShardSpec.CurrentContract,
        Run = "/runs/r",
        Identity = new Dictionary<string, string> { ["seed"] = "1" },
        Iteration = 2,
        Draw = "e-step",
        Policy = new ShardPolicy("/model", "ab", null, IsUntrained: true, IsTeacher: false),
        Fingerprint = new PolicyFingerprint("ab", new EngineFingerprint("managed", "1", "float32", Deterministic: true)),
        Shard = 0,
        ShardCount = 1,
    };

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_file_cut_anywhere_gives_back_every_whole_sample_and_goes_on()
    {
        Sample[] samples = [Of("p1", 0), Of("p0", 1, Verdict.VerifierFailed), Of("p0", 0, Verdict.Correct)];
        using (var store = new ShardStore(_scratch.Path, Spec))
        {
            store.Write(Spec.DrawId, samples);
        }

        byte[] whole = File.ReadAllBytes(Partial);
        int[] ends = [.. Enumerable.Range(0, whole.Length).Where(i => whole[i] == '\n').Select(i => i + 1)];
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(Partial, whole[..length]);
            using (var torn = new ShardStore(_scratch.Path, Spec))
            {
                int there = Math.Max(0, ends.Count(end => end <= length) - 1);
                Assert.Equal(there, torn.Count(Spec.DrawId).Drawn);
                torn.Write(Spec.DrawId, samples[there..]);
            }

            using var store = new ShardStore(_scratch.Path, Spec); // what came after the tear is whole too
            Same([samples[2], samples[1]], store.Read(Spec.DrawId, "p0"));
            Same([samples[0]], store.Read(Spec.DrawId, "p1"));
            Same([samples[1]], store.Failed(Spec.DrawId));
            Assert.Equal(new SampleCounts(3, 1, 1, 2), store.Count(Spec.DrawId));
        }
    }

    [Fact]
    public void What_is_sealed_is_read_back_in_order_and_any_altered_byte_is_noticed()
    {
        using (var store = new ShardStore(_scratch.Path, Spec))
        {
            store.Write(Spec.DrawId, [Of("p3", 0), Of("p0", 1, Verdict.VerifierFailed), Of("p0", 0)]);
            store.Write(Spec.DrawId, [Of("p0", 1, Verdict.Correct)]); // judged again: it replaces
            Assert.Equal([0, 1], store.Indices(Spec.DrawId, "p0"));
            Assert.Empty(store.Failed(Spec.DrawId));
            store.Seal(Problems);
        }

        Assert.False(File.Exists(Partial));
        Same([Of("p0", 0), Of("p0", 1, Verdict.Correct), Of("p3", 0)], [.. ShardFile.Read(Sealed, Spec, 3)]);
        byte[] whole = File.ReadAllBytes(Sealed);
        for (int place = 0; place < whole.Length; place++)
        {
            byte[] altered = [.. whole];
            altered[place] ^= 1;
            File.WriteAllBytes(Sealed, altered);
            Assert.ThrowsAny<InvalidDataException>(() => ShardFile.Read(Sealed, Spec, 3));
        }

        foreach (int length in Enumerable.Range(0, whole.Length - 1))
        {
            File.WriteAllBytes(Sealed, whole[..length]);
            Assert.ThrowsAny<InvalidDataException>(() => ShardFile.Read(Sealed, Spec, 3));
        }
    }

    [Fact]
    public void Another_shard_another_policy_and_a_second_process_are_refused()
    {
        using (var store = new ShardStore(_scratch.Path, Spec))
        {
            Assert.Contains("is held by another process, expected one for each shard", Assert.Throws<IOException>(() => new ShardStore(_scratch.Path, Spec)).Message, StringComparison.Ordinal);
            store.Begin(Spec.DrawId, Spec.Fingerprint);
            Assert.Contains(
                "the policy is cd on managed 1 float32, expected ab on managed 1 float32",
                Assert.Throws<InvalidDataException>(() => store.Begin(Spec.DrawId, Spec.Fingerprint with { WeightsSha256 = "cd" })).Message, StringComparison.Ordinal);
        }

        Assert.Contains("is of another shard", Assert.Throws<InvalidDataException>(() => new ShardStore(_scratch.Path, Spec with { Shard = 1, ShardCount = 2 })).Message, StringComparison.Ordinal);
        ShardFile.Write(Sealed, Spec, []);
        Assert.Contains("is of another shard", Assert.Throws<InvalidDataException>(() => ShardFile.Read(Sealed, Spec with { Iteration = 3 }, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("0 samples", Assert.Throws<InvalidDataException>(() => ShardFile.Read(Sealed, Spec, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_share_problems_out_without_rest_and_a_spec_is_read_back_as_it_was()
    {
        for (int count = 1; count <= 6; count++)
        {
            var all = Enumerable.Range(0, count).SelectMany(shard => (Spec with { Shard = shard, ShardCount = count }).Of(Problems)).ToList();
            Assert.Equal(Problems.Length, all.Count);
            Assert.Equal(Problems.Length, all.Distinct().Count());
        }

        string path = _scratch.File("spec.json");
        var spec = Spec with { Policy = Spec.Policy with { Adapter = new AdapterRef("/adapter", "cd", "ab", IsMerged: false) } };
        spec.Write(path);
        ShardFile.Write(Sealed, spec, []);
        Assert.Empty(ShardFile.Read(Sealed, ShardSpec.Read(path), 0)); // the same line
        (spec with { Shard = 1 }).Write(path);
        Assert.Contains("shard is 1 of 1, expected 0 to 0", Assert.Throws<InvalidDataException>(() => ShardSpec.Read(path)).Message, StringComparison.Ordinal);
    }

    private string Partial => _scratch.File("samples.partial");

    private string Sealed => _scratch.File(ShardSpec.SamplesName);

    private static void Same(Sample[] expected, IReadOnlyList<Sample> actual) =>
        Assert.Equal(expected.Select(Text), actual.Select(Text));

    private static string Text(Sample sample) => string.Join('|', [
        sample.Completion.ProblemId, sample.Completion.Index, string.Join(' ', sample.Completion.TokenIds), sample.Completion.Text, sample.Completion.FinishReason,
        BitConverter.DoubleToInt64Bits(sample.Completion.LogProbability), sample.Finding.Verdict, sample.Finding.Reason, sample.Finding.Answer,
        sample.Finding.AnswerKey ?? "none", string.Join(' ', sample.Finding.Evidence), sample.Finding.Verifier, string.Join(' ', sample.Finding.Measurements)]);

    private static Sample Of(string problem, int index, Verdict verdict = Verdict.Incorrect) => new(
        new Completion
        {
            ProblemId = problem,
            Index = index,
            TokenIds = [index, 7, 575],
            Text = "a \"line\"\nand \u00e9\U0001F600",
            FinishReason = FinishReason.StopString,
            LogProbability = -1.0 / 3,
        },
        new Finding
        {
            Verdict = verdict,
            Reason = "equal-rational",
            Answer = "1/3",
            AnswerKey = index == 0 ? null : "1/3",
            Evidence = new SortedDictionary<string, string> { ["rule"] = "x\ty" },
            Verifier = "math 3",
            Measurements = new SortedDictionary<string, string> { ["cpu"] = "0.1" },
        });
}
