using System.Diagnostics;
using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Onnx;
using ReSTEM.Tests;
using ReSTEM.Torch;

namespace ReSTEM.EngineTests;

/// <summary>Predicted memory of sampling against the most that the program itself holds while it samples: bytes, and so the same on slow and fast machines.</summary>
[Collection(nameof(Alone))]
public sealed class MeasuredMemoryTests : IDisposable
{
    private const int PromptLength = 32, CompletionLength = 96, Samples = 64, Threads = 2;

    private static readonly ModelConfig Small = TestModels.Config() with { ContextLength = PromptLength + CompletionLength };

    /// <summary>18 million weights, and 16 KiB of keys and values a position.</summary>
    private static readonly ModelConfig Large = Small with
    {
        ModelDim = 512,
        LayerCount = 4,
        HeadCount = 8,
        KvHeadCount = 8,
        HeadDim = 64,
        FeedForwardDim = 1536,
        VocabularySize = 8192,
        Rope = new RopeConfig(10_000, 64),
    };

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [EngineFact("torch-cpu")]
    public void Torch_is_predicted_within_a_factor_of_two() =>
        Compare("torch-cpu", new TorchPlugin(InstalledEngines.TorchCpu).Open(new EngineSettings { Threads = Threads, Slots = Samples }));

    [EngineFact("onnx-cpu")]
    public void Onnx_is_predicted_within_a_factor_of_two() =>
        Compare("onnx-cpu", new OnnxPlugin(InstalledEngines.OnnxCpu).Open(new EngineSettings { Threads = Threads, Slots = Samples }));

    [Fact]
    public void Managed_is_predicted_within_a_factor_of_two_in_int8() =>
        Compare("managed", new ManagedEngine(new EngineOptions { Threads = Threads, Slots = Samples, Dtype = EngineDtype.Int8 }), "int8");

    /// <summary>The whole process, and what of it is the model's: the growth from a model that takes next to nothing.</summary>
    private void Compare(string name, IEngine engine, string dtype = "float32")
    {
        var small = Measure(name, engine, dtype, Small);
        var large = Measure(name, engine, dtype, Large);
        InBounds("the process", large.Measured, large.Predicted);
        InBounds("the model", large.Measured - small.Measured, large.Predicted - small.Predicted);

        void InBounds(string what, long measured, long predicted) => Assert.True(
            measured >= predicted / 2 && measured <= predicted * 2, $"{name}: {what} took {measured >> 20} MiB, expected half to twice of {predicted >> 20} MiB");
    }

    private (long Measured, long Predicted) Measure(string name, IEngine engine, string dtype, ModelConfig config)
    {
        string model = _scratch.File($"model-{config.ModelDim}");
        ModelFolder.Save(model, ModelWeights.Zeros(config), tokenizerFolder: null);
        string ids = string.Join(',', Enumerable.Range(3, PromptLength));
        File.WriteAllText(_scratch.File("prompts.jsonl"), $$"""{"ids": [{{ids}}]}""" + "\n");
        var start = new ProcessStartInfo(
            InstalledEngines.Program,
            [
                "sample", "--engine", name, "--model", model, "--input", _scratch.File("prompts.jsonl"), "--output", _scratch.File($"samples-{config.ModelDim}.jsonl"),
                "--samples", $"{Samples}", "--dtype", dtype, "--max-tokens", $"{CompletionLength}", "--threads", $"{Threads}", "--slots", $"{Samples}",
            ])
        { RedirectStandardError = true };
        var use = new MemoryUse { PromptLength = PromptLength, CompletionLength = CompletionLength, SamplesPerPrompt = Samples };
        return (PeakOf(start), engine.MemoryOf(engine.Resolve(model), use)!.Sampling);
    }

    /// <summary>Runs a program to its end; gives the most bytes that were resident at a time, as far as it is seen until shortly before the end.</summary>
    private static long PeakOf(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        long peak = 0;
        do
        {
            peak = Math.Max(peak, HighWater(process.Id));
        }
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(5)));

        Assert.True(process.ExitCode == 0, errors.Result);
        return peak;
    }

    private static long HighWater(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }
}
