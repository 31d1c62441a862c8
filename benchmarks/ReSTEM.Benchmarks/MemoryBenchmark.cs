using System.Globalization;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Benchmarks;

/// <summary>Predicted and measured peak memory of a process that does one thing with one model.</summary>
internal static class MemoryBenchmark
{
    private const int Sequences = 64;
    private const int PromptLength = 32;
    private const int CompletionLength = 64;
    private const int StepSequences = 16;
    private const int StepLength = 128;

    private static readonly string[] Work = ["sampling", "full", "full, recomputing", "adapter", "adapter, recomputing", "sampling, bfloat16", "full, bfloat16", "adapter, bfloat16"];

    /// <summary>Each kind of work in a process of its own, and a table of all.</summary>
    internal static void WriteReport(string results, string[] models)
    {
        var text = new StringBuilder(
            "# Memory of sampling and training\n\nPeak of the resident set of a process (VmHWM) against what `restem check` predicts. Random weights; "
            + $"sampling draws {Sequences} completions of {CompletionLength} tokens from {Sequences / 8} prompts of {PromptLength}; training makes two steps of "
            + $"{StepSequences} sequences of {StepLength} tokens, without validation. Adapters: rank 16 on all projections.\n\n"
            + "| model | work | predicted | measured | ratio |\n|---|---|--:|--:|--:|\n");
        foreach (string model in models)
        {
            string parent = Directory.CreateTempSubdirectory("restem-memory-").FullName;
            TrainingBenchmark.WriteModel(parent, model, Models.Of(model));
            foreach (string work in Work)
            {
                string[] result = Run(parent, model, work);
                text.Append($"| {model} | {work} | {result[0]} MiB | {result[1]} MiB | {result[2]} |\n");
                Console.WriteLine($"{model}, {work}: predicted {result[0]} MiB, measured {result[1]} MiB, ratio {result[2]}");
            }

            Directory.Delete(parent, recursive: true);
        }

        Directory.CreateDirectory(results);
        File.WriteAllText(Path.Combine(results, "model-memory.md"), text + $"\n{ResultFile.Machine()}\n\n    dotnet run --project benchmarks/ReSTEM.Benchmarks -c Release -- memory benchmarks/results {string.Join(' ', models)}\n");
    }

    /// <summary>One kind of work in this process; writes predicted MiB, measured MiB and their ratio.</summary>
    internal static async Task RunAsync(string folder, string work)
    {
        var options = new EngineOptions
        {
            Dtype = work.EndsWith("bfloat16", StringComparison.Ordinal) ? EngineDtype.Bfloat16 : EngineDtype.Float32,
            Threads = 1,
            Slots = Sequences,
        };
        var engine = new ManagedEngine(options);
        var policy = new PolicyRef(folder, ModelFolder.WeightsSha256(folder));
        int vocabulary = ModelConfigReader.Read(folder).VocabularySize;
        bool trains = !work.StartsWith("sampling", StringComparison.Ordinal);
        var speed = new TrainingSpeed { RecomputeActivations = work.EndsWith("recomputing", StringComparison.Ordinal) };
        var use = new MemoryUse
        {
            PromptLength = trains ? StepLength : PromptLength,
            CompletionLength = trains ? 0 : CompletionLength,
            SamplesPerPrompt = 8,
            Optimizer = new OptimizerOptions { BatchSequences = StepSequences, LearningRate = 1e-5, Speed = speed },
            Adapter = work.StartsWith("adapter", StringComparison.Ordinal) ? new AdapterOptions() : null,
        };
        if (trains)
        {
            await TrainAsync(engine, policy, use, vocabulary);
        }
        else
        {
            await SampleAsync(engine, policy, vocabulary);
        }

        var memory = engine.MemoryOf(policy, use)!;
        double predicted = (trains ? memory.Training : memory.Sampling) / (double)(1 << 20), measured = Subprocess.PeakMebibytes();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{predicted:F0} {measured:F0} {predicted / measured:F2}"));
    }

    private static string[] Run(string parent, string model, string work) =>
        Subprocess.Self("memory-of", Path.Combine(parent, model), work).Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static async Task SampleAsync(ManagedEngine engine, PolicyRef named, int vocabulary)
    {
        using var policy = engine.Open(named);
        var options = new SamplingOptions { Temperature = 1, MaxTokens = CompletionLength };
        await foreach (var _ in policy.SampleAsync(Requests(), CancellationToken.None))
        {
        }

        IEnumerable<SampleRequest> Requests() => Enumerable.Range(0, Sequences).Select(index => new SampleRequest
        {
            ProblemId = $"{index / 8}",
            Index = index % 8,
            PromptIds = [.. Enumerable.Range(0, PromptLength).Select(t => ((index / 8 * 31) + (t * 7)) % vocabulary)],
            Options = options,
            Random = RandomStream.Of(1, RandomPurpose.Sample).At(1, $"{index / 8}", index % 8),
        });
    }

    private static async Task TrainAsync(ManagedEngine engine, PolicyRef named, MemoryUse use, int vocabulary)
    {
        string output = named.Folder + "-trained";
        var job = new TrainingJob
        {
            Base = named,
            OutputFolder = output,
            StateFolder = named.Folder + "-state",
            Sequences =
            [
                .. Enumerable.Range(0, 2 * StepSequences).Select(index => new TrainingSequence
                {
                    TokenIds = [.. Enumerable.Range(0, StepLength).Select(t => ((index * 31) + (t * 7)) % vocabulary)],
                    PromptLength = 1,
                    Weight = 1,
                }),
            ],
            Optimizer = use.Optimizer!,
            Adapter = use.Adapter is { } adapter ? new AdapterJob(adapter, RandomStream.Of(1, RandomPurpose.Adapter)) : null,
            Epochs = 1,
            Random = RandomStream.Of(1, RandomPurpose.BatchOrder),
            CommitInterval = TimeSpan.FromHours(1),
        };
        await engine.Trainer.TrainAsync(job, _ => { }, CancellationToken.None);
        Directory.Delete(output, recursive: true);
    }
}
