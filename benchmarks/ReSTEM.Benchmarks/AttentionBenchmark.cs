using System.Globalization;
using System.Text;
using ReSTEM.Numerics;

namespace ReSTEM.Benchmarks;

/// <summary>Attention of whole prompts, and of one step of samples that share a prompt: in blocks against token by token.</summary>
internal static class AttentionBenchmark
{
    private const int Samples = 8; // of one prompt
    private const int OwnLength = 32; // positions of a sample after the prompt
    private const int Runs = 3;
    private const double LeastSeconds = 0.05;

    private static readonly int[] Lengths = [16, 64, 256, 1024, 4096];

    private static readonly (string Name, AttentionShape Heads)[] Shapes =
        [("quickstart", new AttentionShape(5, 5, 32)), ("smol135", new AttentionShape(9, 3, 64))];

    /// <summary>One layer, one thread, best processor time of some runs that take turns.</summary>
    internal static void WriteReport(string results)
    {
        double peak = FmaPeak.Measure(WorkerPool.Inline);
        var text = new StringBuilder(
            "# Attention of long prompts\n\nOne layer on one thread, processor time; " + ResultFile.Machine()
            + string.Create(CultureInfo.InvariantCulture, $" Share: of {peak:F0} GFLOP/s, multiply-adds in registers. Prompt: all its tokens. Step: one token of each of {Samples} samples that share the prompt and have {OwnLength} positions of their own.\n\n")
            + "| heads | numbers | prompt | prompt, token by token | prompt, in blocks | gain | share | step, one by one | step, shared | gain |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (var (name, shape) in Shapes)
        {
            foreach (var format in new[] { NumberFormat.Float32, NumberFormat.Bfloat16 })
            {
                foreach (int length in Lengths)
                {
                    string row = Row(name, shape, format, length, peak);
                    Console.WriteLine(row);
                    text.AppendLine(row);
                }
            }
        }

        Directory.CreateDirectory(results);
        File.WriteAllText(
            Path.Combine(results, "attention.md"),
            text + "\n    dotnet run --project benchmarks/ReSTEM.Benchmarks -c Release -- attention benchmarks/results\n");
    }

    private static string Row(string name, AttentionShape shape, NumberFormat format, int length, double peak)
    {
        int[] table = [.. Enumerable.Range(0, (length + OwnLength) / KvBlocks.BlockLength)];
        var cache = new KvBlocks(table.Length, shape, format);
        float[] rows = new float[(length + OwnLength) * shape.RowDim], output = new float[length * shape.QueryDim];
        for (int index = 0; index < rows.Length; index++)
        {
            rows[index] = (((index * 2654435761u) >> 8) / (float)(1 << 23)) - 1;
        }

        for (int t = 0; t < length + OwnLength; t++)
        {
            cache.Write(rows.AsSpan(t * shape.RowDim, shape.RowDim), table[t / KvBlocks.BlockLength], t % KvBlocks.BlockLength);
        }

        float[] scratch = new float[DecodeAttention.ScratchLength(shape, length + OwnLength)], step = new float[Samples * shape.QueryDim];
        AttendingRow[] sequences = [.. Enumerable.Repeat(new AttendingRow(table, length + OwnLength), Samples)];
        double[] seconds = Best(
            () => OneByOne(length, index => index + 1, output),
            () => PromptAttention.Apply(rows, cache, table, 0, output),
            () => OneByOne(Samples, _ => length + OwnLength, step),
            () => SharedAttention.Apply(rows, cache, sequences, scratch, step));
        double flops = 2.0 * 2 * shape.QueryDim * length * (length + 1) / 2;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {format.ToString().ToLowerInvariant()} | {length} | {seconds[0] * 1e3:F3} ms | {seconds[1] * 1e3:F3} ms | {seconds[0] / seconds[1]:F1} | {flops / seconds[1] / 1e9 / peak:P0} | {seconds[2] * 1e3:F3} ms | {seconds[3] * 1e3:F3} ms | {seconds[2] / seconds[3]:F1} |");

        void OneByOne(int count, Func<int, int> lengthOf, float[] result)
        {
            for (int index = 0; index < count; index++)
            {
                DecodeAttention.Apply(
                    rows.AsSpan(index * shape.RowDim, shape.RowDim), cache, table, lengthOf(index), scratch,
                    result.AsSpan(index * shape.QueryDim, shape.QueryDim));
            }
        }
    }

    /// <summary>Seconds of each work, in turn, each repeated until it takes long enough to be timed.</summary>
    private static double[] Best(params Action[] works)
    {
        double[] best = new double[works.Length];
        Array.Fill(best, double.PositiveInfinity);
        for (int run = 0; run < Runs; run++)
        {
            for (int index = 0; index < works.Length; index++)
            {
                int repeats = 0;
                TimeSpan start = Environment.CpuUsage.TotalTime, spent;
                do
                {
                    works[index]();
                    repeats++;
                    spent = Environment.CpuUsage.TotalTime - start;
                }
                while (spent.TotalSeconds < LeastSeconds);
                best[index] = Math.Min(best[index], spent.TotalSeconds / repeats);
            }
        }

        return best;
    }
}
