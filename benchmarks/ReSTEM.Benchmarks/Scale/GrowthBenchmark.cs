using System.Globalization;
using System.Text;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Benchmarks;

/// <summary>How the rate of sampling grows with the sequences drawn at a time, the length of prompts and the size of the model; one thread.</summary>
internal static class GrowthBenchmark
{
    private const int Runs = 5;
    private const int FewSamples = 8; // of a prompt

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly (string Title, string Text, Case[] Cases)[] Curves =
    [
        ("Sequences drawn at a time", "One prompt of 16 tokens for every 8 of them.",
            [.. from model in new[] { "tiny", "smol135" } from sequences in Powers(1, 512) select new Case(model, sequences, 16, Math.Clamp(2048 / sequences, 8, 64))]),
        ("Length of prompts", "8 prompts, one completion of 16 tokens each; prompts are counted in the rate.",
            [.. from length in new[] { 16, 64, 256, 1024, 4096 } select new Case("tiny", 8, length, 16, SamplesEach: 1)]),
        ("Parameters", "64 sequences of 8 prompts of 16 tokens, 16 tokens each.",
            [.. from model in new[] { "quickstart", "tiny", "stories15m", "smol135", "qwen05" } select new Case(model, 64, 16, 16)]),
    ];

    /// <summary>Every case in a process of its own, in float32 and in bfloat16.</summary>
    internal static void WriteReport(string folder)
    {
        var text = new StringBuilder(
            $"# Growth of the rate of sampling\n\n{ResultFile.Machine()} One thread. Tokens a second, medians of {Runs} runs after a first one; share: multiply-adds of weights and attention, "
            + "of what registers do in float32 in the same process; memory: peak of the resident set. Random weights, temperature 0.7, top-k 40.\n");
        foreach (var (title, about, cases) in Curves)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n{about}\n\n");
            text.Append("| model | sequences | prompt | completion | float32 | share | MiB | bfloat16 | share | MiB |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
            foreach (var work in cases)
            {
                var (single, half) = (Run(work, EngineDtype.Float32), Run(work, EngineDtype.Bfloat16));
                string row = string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {work.Model} | {work.Sequences} | {work.PromptLength} | {work.CompletionLength} | {single.Rate:F0} | {single.Share:P0} | {single.Mebibytes:F0} | {half.Rate:F0} | {half.Share:P0} | {half.Mebibytes:F0} |");
                Console.WriteLine(row);
                text.Append(row).Append('\n');
            }
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "growth.md"), text + "\n    dotnet run --project benchmarks/ReSTEM.Benchmarks -c Release -- growth benchmarks/results\n");
    }

    /// <summary>One case in this process, as JSON.</summary>
    internal static async Task<string> MeasureAsync(string dtype, string json)
    {
        var work = JsonSerializer.Deserialize<Case>(json, Json)!;
        var config = Models.Of(work.Model) with { EndTokenIds = [] };
        double peak = FmaPeak.Measure(WorkerPool.Inline);
        var sampling = new SamplingCase(work.Model, config, work.Prompts, work.Sequences / work.Prompts, work.PromptLength, work.CompletionLength);
        var options = new EngineOptions { Dtype = Enum.Parse<EngineDtype>(dtype), Threads = 1, Slots = work.Sequences };
        var rates = await SamplingBenchmark.MeasureEachAsync(sampling, options, new SamplingOptions { Temperature = 0.7, TopK = 40 }, Runs);
        double median = rates.Order().ElementAt(Runs / 2), seconds = work.Sequences * work.CompletionLength / median;
        long counted = (work.Sequences * work.CompletionLength) + (work.SamplesEach == 1 ? work.Prompts * work.PromptLength : 0);
        return JsonSerializer.Serialize(new Result(counted / seconds, MultiplyAdds(work, config) * 2 / seconds / 1e9 / peak, Subprocess.PeakMebibytes()), Json);
    }

    private static double MultiplyAdds(Case work, ModelConfig config)
    {
        double layer = config.ModelDim * (double)((2 * config.QueryDim) + (2 * config.KvDim) + (3 * config.FeedForwardDim));
        double prompts = work.Prompts * (double)work.PromptLength, drawn = work.Sequences * (double)work.CompletionLength;
        double pairs = (prompts * work.PromptLength / 2) + (drawn * (work.PromptLength + (work.CompletionLength / 2.0))); // of a query and a key
        return (config.LayerCount * ((layer * (prompts + drawn)) + (2 * config.QueryDim * pairs))) + (drawn * config.ModelDim * config.VocabularySize);
    }

    private static Result Run(Case work, EngineDtype dtype) =>
        JsonSerializer.Deserialize<Result>(Subprocess.Self("growth-of", $"{dtype}", JsonSerializer.Serialize(work, Json)).Output, Json)!;

    private static IEnumerable<int> Powers(int first, int last)
    {
        for (int power = first; power <= last; power *= 2)
        {
            yield return power;
        }
    }

    private sealed record Case(string Model, int Sequences, int PromptLength, int CompletionLength, int SamplesEach = FewSamples)
    {
        internal int Prompts => Math.Max(1, Sequences / SamplesEach);
    }

    private sealed record Result(double Rate, double Share, double Mebibytes);
}
