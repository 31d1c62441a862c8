using System.Globalization;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Numerics;

namespace ReSTEM.Benchmarks;

/// <summary>The managed engine in float32 and in bfloat16, by turns: matrix products in this process, the whole paths in their own.</summary>
internal static class BfloatReport
{
    private const int Rounds = 2;
    private const int PromptRows = 512;

    private static readonly NumberFormat[] Formats = [NumberFormat.Float32, NumberFormat.Bfloat16];

    internal static void Write(string folder, string[] models)
    {
        int[] threadCounts = [.. new[] { 1, Environment.ProcessorCount }.Distinct()];
        var text = new StringBuilder($"# The managed engine in bfloat16\n\n{ResultFile.Machine()} Products in bfloat16 by: {ManagedEngine.BfloatProducts}.\n");
        text.Append(CultureInfo.InvariantCulture, $"\n## Products of one thread\n\nGFLOP/s, best of several runs; shapes of smol135. Multiply-adds of float32 in registers reach {FmaPeak.Measure(WorkerPool.Inline):F0}.\n\n");
        text.Append("| product | rows | outputs | inputs | float32 | bfloat16 | ratio |\n|---|--:|--:|--:|--:|--:|--:|\n");
        foreach (var (outDim, inDim) in MatrixBenchmark.Smol135)
        {
            foreach (int rows in new[] { 1, 8, 64, PromptRows })
            {
                Append(text, Formats.Select(format => MatrixBenchmark.Product(rows, outDim, inDim, WorkerPool.Inline, format)));
            }

            Append(text, Formats.Select(format => MatrixBenchmark.Gradient(PromptRows, outDim, inDim, WorkerPool.Inline, format)));
        }

        text.Append(CultureInfo.InvariantCulture, $"\n## Whole paths\n\nTokens a second, medians of the runs of {Rounds} processes each, by turns. Work as in `engines`: 8 prompts of 128 tokens (quickstart: 20), 8 completions of 64 each; training in steps of 8 sequences of 256 tokens.\n\n");
        text.Append("| work | model | threads | float32 | bfloat16 | ratio | MiB | MiB |\n|---|---|--:|--:|--:|--:|--:|--:|\n");
        foreach (var (model, work, threads) in from model in models from work in new[] { "sample", "train" } from threads in threadCounts select (model, work, threads))
        {
            var (single, half) = (Run(EngineDtype.Float32), Run(EngineDtype.Bfloat16));
            for (int round = 1; round < Rounds; round++)
            {
                (single, half) = (single.And(Run(EngineDtype.Float32)), half.And(Run(EngineDtype.Bfloat16)));
            }

            string row = string.Create(
                CultureInfo.InvariantCulture,
                $"| {work} | {model} | {threads} | {single.Median:F0} | {half.Median:F0} | {half.Median / single.Median:F2} | {single.PeakMebibytes:F0} | {half.PeakMebibytes:F0} |");
            Console.WriteLine(row);
            text.Append(row).Append('\n');

            EngineRates Run(EngineDtype dtype) => EngineBenchmark.Run(work, "managed", dtype, model, threads);
        }

        text.Append(CultureInfo.InvariantCulture, $"\n    dotnet run --project benchmarks/ReSTEM.Benchmarks -c Release -- bfloat16 benchmarks/results {string.Join(' ', models)}\n");
        File.WriteAllText(Path.Combine(folder, "bf16.md"), text.ToString());
    }

    private static void Append(StringBuilder text, IEnumerable<MatrixResult> formats)
    {
        MatrixResult[] both = [.. formats];
        string row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {both[0].Kind} | {both[0].Rows} | {both[0].OutDim} | {both[0].InDim} | {both[0].GigaflopsPerSecond:F0} | {both[1].GigaflopsPerSecond:F0} | {both[1].GigaflopsPerSecond / both[0].GigaflopsPerSecond:F2} |");
        Console.WriteLine(row);
        text.Append(row).Append('\n');
    }
}
