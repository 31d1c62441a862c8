using System.Globalization;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Numerics;

namespace ReSTEM.Benchmarks;

/// <summary>The managed engine in float32, bfloat16 and int8, by turns: matrix products in this process, the whole paths in their own.</summary>
internal static class FormatReport
{
    private const int Rounds = 2;
    private const int PromptRows = 512;

    private static readonly NumberFormat[] Trained = [NumberFormat.Float32, NumberFormat.Bfloat16];
    private static readonly NumberFormat[] Sampled = [.. Trained, NumberFormat.Int8];

    internal static void Write(string folder, string[] models)
    {
        int[] threadCounts = [.. new[] { 1, Environment.ProcessorCount }.Distinct()];
        var text = new StringBuilder($"# The managed engine's formats\n\n{ResultFile.Machine()} Products in bfloat16 by: {ManagedEngine.BfloatProducts}; in int8 by: {ManagedEngine.ByteProducts}.\n");
        text.Append(CultureInfo.InvariantCulture, $"\n## Products of one thread\n\nGFLOP/s (of int8 GOP/s), best of several runs; shapes of smol135. Multiply-adds of float32 in registers reach {FmaPeak.Measure(WorkerPool.Inline):F0}.\n\n");
        text.Append("| product | rows | outputs | inputs | float32 | bfloat16 | int8 | bfloat16 : float32 | int8 : float32 |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (var (outDim, inDim) in MatrixBenchmark.Smol135)
        {
            foreach (int rows in new[] { 1, 8, 64, PromptRows })
            {
                Append(text, Sampled.Select(format => MatrixBenchmark.Product(rows, outDim, inDim, WorkerPool.Inline, format)));
            }

            Append(text, Trained.Select(format => MatrixBenchmark.Gradient(PromptRows, outDim, inDim, WorkerPool.Inline, format)));
        }

        text.Append(CultureInfo.InvariantCulture, $"\n## Whole paths\n\nTokens a second, medians of the runs of {Rounds} processes each, by turns. Work as in `engines`: 8 prompts of 128 tokens (quickstart: 20), 8 completions of 64 each; training in steps of 8 sequences of 256 tokens.\n\n");
        text.Append("| work | model | threads | float32 | MiB | bfloat16 | MiB | int8 | MiB | bfloat16 : float32 | int8 : float32 |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (var (model, work, threads) in from model in models from work in new[] { "sample", "train" } from threads in threadCounts select (model, work, threads))
        {
            NumberFormat[] formats = work == "train" ? Trained : Sampled;
            EngineRates[] rates = [.. formats.Select(format => Run(format))];
            for (int round = 1; round < Rounds; round++)
            {
                rates = [.. rates.Zip(formats, (before, format) => before.And(Run(format)))];
            }

            Add(text, $"| {work} | {model} | {threads}", rates.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Median:F0} | {one.PeakMebibytes:F0}")), rates.Select(static one => one.Median), "| ");

            EngineRates Run(NumberFormat format) => EngineBenchmark.Run(work, "managed", Enum.Parse<EngineDtype>($"{format}"), model, threads);
        }

        text.Append(CultureInfo.InvariantCulture, $"\n    dotnet run --project benchmarks/ReSTEM.Benchmarks -c Release -- formats benchmarks/results {string.Join(' ', models)}\n");
        File.WriteAllText(Path.Combine(folder, "formats.md"), text.ToString());
    }

    private static void Append(StringBuilder text, IEnumerable<MatrixResult> formats)
    {
        MatrixResult[] all = [.. formats];
        Add(
            text, $"| {all[0].Kind} | {all[0].Rows} | {all[0].OutDim} | {all[0].InDim}",
            all.Select(static one => one.GigaflopsPerSecond.ToString("F0", CultureInfo.InvariantCulture)), all.Select(static one => one.GigaflopsPerSecond), "");
    }

    /// <summary>A row: what was measured, a cell of each format, and each later one's rate to the first's; cells that a format has not are empty.</summary>
    private static void Add(StringBuilder text, string row, IEnumerable<string> cells, IEnumerable<double> rates, string emptyPart)
    {
        string[] own = [.. cells];
        double[] all = [.. rates];
        var line = new StringBuilder(row);
        for (int format = 0; format < Sampled.Length; format++)
        {
            line.Append(" | ").Append(format < own.Length ? own[format] : emptyPart);
        }

        for (int format = 1; format < Sampled.Length; format++)
        {
            line.Append(" | ").Append(format < all.Length ? (all[format] / all[0]).ToString("F2", CultureInfo.InvariantCulture) : "");
        }

        Console.WriteLine(line.Append(" |"));
        text.Append(line).Append('\n');
    }
}
