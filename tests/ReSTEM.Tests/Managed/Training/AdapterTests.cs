using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class AdapterTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("llama", "q_proj v_proj")]
    [InlineData("qwen2", AdapterOptions.AllLinear)]
    public async Task Merged_and_unmerged_give_the_same_log_probabilities(string family, string targets)
    {
        using var jobs = new TrainerJobs(DecoderFamilies.Find(family));
        var (job, result) = await TrainAsync(jobs, "a", targets);
        int[] ids = [.. Enumerable.Range(0, 40).Select(t => (t * 7) % 61)];
        float[] plain = LogProbabilities(new PolicyRef(jobs.Base, job.Base.Sha256), ids);
        float[] merged = LogProbabilities(Policy(job, result, isMerged: true), ids);
        float[] beside = LogProbabilities(Policy(job, result, isMerged: false), ids);
        for (int t = 0; t < ids.Length; t++)
        {
            Assert.Equal(merged[t], beside[t], 1e-5f);
        }

        Assert.True(Enumerable.Range(1, 39).Max(t => Math.Abs(plain[t] - merged[t])) > 1e-2, "training changed nothing");
    }

    /// <summary>Of what the adapter changes, rounding the weights beside it to bytes takes little; one that were left out, or rounded twice, would differ as much as the plain model.</summary>
    [Fact]
    public async Task Beside_weights_in_int8_it_changes_what_it_changes_beside_whole_ones()
    {
        using var jobs = new TrainerJobs();
        var (job, result) = await TrainAsync(jobs, "a", AdapterOptions.AllLinear);
        int[] ids = [.. Enumerable.Range(0, 40).Select(t => (t * 7) % 61)];
        var plain = new PolicyRef(jobs.Base, job.Base.Sha256);
        double change = Distance(LogProbabilities(plain, ids), LogProbabilities(Policy(job, result, isMerged: false), ids));
        float[] whole = LogProbabilities(Policy(job, result, isMerged: false), ids);
        double beside = Distance(whole, LogProbabilities(Policy(job, result, isMerged: false), ids, EngineDtype.Int8));
        double merged = Distance(whole, LogProbabilities(Policy(job, result, isMerged: true), ids, EngineDtype.Int8));
        Assert.InRange(beside, 1e-5, change / 4);
        Assert.InRange(merged, 1e-5, change / 4);

        static double Distance(float[] one, float[] other) => Math.Sqrt(one.Zip(other, static (a, b) => ((double)a - b) * ((double)a - b)).Sum());
    }

    [Fact]
    public async Task Gradient_is_that_of_the_merged_weights()
    {
        // d loss / dA = scale B^T dW and d loss / dB = scale dW A^T, with dW from training all weights of the merged model
        using var jobs = new TrainerJobs(DecoderFamilies.Qwen2, tied: false);
        var (job, result) = await TrainAsync(jobs, "a", "q_proj v_proj down_proj");
        using var stored = ModelFolder.Open(jobs.Base);
        var adapter = AdapterFolder.Read(result.Folder, stored.Config);
        var batch = new PackedBatch();
        foreach (var sequence in TrainerJobs.Sequences)
        {
            batch.Add([.. sequence.TokenIds], [.. sequence.TokenIds.Select(_ => sequence.Weight)]);
        }

        var (_, full) = TrainingModel.LossAndGradient(ModelWeights.Copy(new MergedWeights(stored, adapter)), [batch], threads: 1);
        var actual = TrainingModel.AdapterGradient(stored, adapter, [batch]);
        foreach (var (module, gradient) in adapter.Modules.Zip(actual.Modules))
        {
            float[] dw = full[module.Place.Name].Values;
            var (rows, columns, rank) = (module.Place.Rows, module.Place.RowLength, module.Rank);
            double norm = Math.Sqrt(gradient.Up.Concat(gradient.Down).Sum(value => (double)value * value));
            for (int r = 0; r < rank; r++)
            {
                for (int k = 0; k < columns; k++)
                {
                    double expected = adapter.Config.Scale * Enumerable.Range(0, rows).Sum(n => (double)module.Up[(n * rank) + r] * dw[(n * columns) + k]);
                    Assert.Equal(expected, gradient.Down[(r * columns) + k], 1e-4 * norm);
                }

                for (int n = 0; n < rows; n++)
                {
                    double expected = adapter.Config.Scale * Enumerable.Range(0, columns).Sum(k => (double)module.Down[(r * columns) + k] * dw[(n * columns) + k]);
                    Assert.Equal(expected, gradient.Up[(n * rank) + r], 1e-4 * norm);
                }
            }
        }
    }

    [Fact]
    public async Task Threads_micro_batches_and_recomputation_do_not_change_the_bits()
    {
        using var jobs = new TrainerJobs();
        string? first = null;
        foreach (var (threads, tokens, recomputes) in new[] { (1, 4096, false), (2, 16, true), (3, 64, false) })
        {
            var (_, result) = await TrainAsync(jobs, $"{threads}", AdapterOptions.AllLinear, threads, tokens, recomputes);
            first ??= result.Sha256;
            Assert.Equal(first, result.Sha256);
        }
    }

    [Fact]
    public async Task Saved_loaded_and_saved_again_it_has_the_same_bytes()
    {
        using var jobs = new TrainerJobs();
        var (job, result) = await TrainAsync(jobs, "a", AdapterOptions.AllLinear);
        using var stored = ModelFolder.Open(jobs.Base);
        var adapter = AdapterFolder.Read(result.Folder, stored.Config);
        string again = _scratch.File("again");
        Assert.Equal(result.Sha256, AdapterFolder.Save(again, adapter, jobs.Base, job.Base.Sha256));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(result.Folder, "adapter_model.safetensors")), File.ReadAllBytes(Path.Combine(again, "adapter_model.safetensors")));
    }

    [Fact]
    public async Task Folder_of_an_adapter_opens_by_itself_and_only_with_its_base()
    {
        using var jobs = new TrainerJobs();
        var (job, result) = await TrainAsync(jobs, "a", "q_proj");
        var engine = new ManagedEngine(new EngineOptions { Threads = 1 });
        var named = engine.Resolve(result.Folder);
        Assert.Equal((job.Base.Sha256, result.Sha256), (named.Sha256, named.Adapter!.Sha256));
        using (engine.Open(named))
        {
        }

        ModelFolder.Save(_scratch.File("other"), TestModels.Random(jobs.Config, seed: 8), null);
        string config = Path.Combine(result.Folder, AdapterFolder.ConfigName);
        File.WriteAllText(config, File.ReadAllText(config).Replace(Path.GetFullPath(jobs.Base), _scratch.File("other"), StringComparison.Ordinal));
        var fault = Assert.Throws<InvalidDataException>(() => engine.Resolve(result.Folder));
        Assert.Contains("is an adapter for weights with SHA-256", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"LORA\"", "\"IA3\"", "peft_type is IA3, expected LORA")]
    [InlineData("\"use_dora\": false", "\"use_dora\": true", "use_dora is true, expected false")]
    [InlineData("\"r\": 4", "\"r\": 3", "is [4, 24], expected [3, 24]; is the adapter for another model?")]
    [InlineData("\"q_proj\"", "\"k_projection\"", "target module k_projection matches no projection, expected q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj or all-linear")]
    [InlineData("\"q_proj\"", "\"k_proj\"", "k_proj.lora_A.weight is missing")]
    [InlineData("\"bias\": \"none\"", "\"bias\": \"none\", \"zzz\": 1", "zzz is 1, expected no such key")]
    [InlineData("\"bias\": \"none\"", "\"bias\": \"none\", \"layers_to_transform\": [0]", "layers_to_transform is [0], expected null or empty")]
    [InlineData("\"CAUSAL_LM\"", "\"SEQ_CLS\"", "task_type is SEQ_CLS, expected CAUSAL_LM")]
    [InlineData("\"lora_alpha\": 8", "\"lora_alpha\": 1e308", "lora_alpha is 1e308, expected a number > 0, at most 1000000")]
    [InlineData("\"modules_to_save\": null", "\"modules_to_save\": [\"lm_head\"]", "modules_to_save is [\"lm_head\"], expected null or empty")]
    public async Task Other_adapters_are_refused_by_name(string from, string to, string message)
    {
        using var jobs = new TrainerJobs();
        var (job, result) = await TrainAsync(jobs, "a", "q_proj");
        string config = Path.Combine(result.Folder, AdapterFolder.ConfigName);
        string text = File.ReadAllText(config);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(config, text.Replace(from, to, StringComparison.Ordinal));
        using var stored = ModelFolder.Open(jobs.Base);
        var fault = Assert.Throws<InvalidDataException>(() => AdapterFolder.Read(result.Folder, stored.Config));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private static PolicyRef Policy(TrainingJob job, (string Folder, string Sha256) result, bool isMerged) =>
        new(job.Base.Folder, job.Base.Sha256, new AdapterRef(result.Folder, result.Sha256, job.Base.Sha256, isMerged));

    private static float[] LogProbabilities(PolicyRef policy, int[] ids, EngineDtype dtype = EngineDtype.Float32)
    {
        using var opened = new ManagedEngine(new EngineOptions { Threads = 1, Dtype = dtype }).Open(policy);
        return opened.LogProbabilities([ids], CancellationToken.None).Single();
    }

    private async Task<(TrainingJob Job, (string Folder, string Sha256) Result)> TrainAsync(
        TrainerJobs jobs, string name, string targets, int threads = 1, int tokens = 2048, bool recomputes = false)
    {
        var job = jobs.Job(name, options => options with { Speed = new TrainingSpeed { MicroBatchTokens = tokens, RecomputeActivations = recomputes } }) with
        {
            OutputFolder = _scratch.File("adapter-" + name),
            Adapter = new AdapterJob(
                new AdapterOptions { Rank = 4, TargetModules = targets.Split(' ') }, RandomStream.Of(5, RandomPurpose.Adapter)),
        };
        var result = await TrainerJobs.RunAsync(job, threads: threads);
        return (job, (job.OutputFolder, result.WeightsSha256));
    }
}
