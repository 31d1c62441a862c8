using System.Diagnostics;
using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Benchmarks;

/// <summary>What a ledger costs: samples like the quickstart's, committed in batches as a run commits them, opened again and read for a summary.</summary>
internal static class LedgerBenchmark
{
    private const int Problems = 2_400;
    private const int SamplesEach = 24;
    private const int Tokens = 60;

    /// <summary>Prints seconds of processor and clock, and bytes.</summary>
    /// <param name="batch">Samples in a transaction: what a run judges in a second.</param>
    internal static void Run(int batch)
    {
        string folder = Directory.CreateTempSubdirectory("restem-ledger-").FullName;
        long writtenBefore = Written();
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        using (var ledger = RunLedger.Open(folder))
        {
            Console.WriteLine($"samples {Problems * SamplesEach:N0} of {Tokens} tokens, {batch} a transaction");
            foreach (Sample[] samples in All().Chunk(batch))
            {
                ledger.Samples.Write(DrawId.EStep(1), samples, new PhaseBooking(1, EStep.Phase, new PhaseCost(1, samples.Length * Tokens)));
            }

            Tell("written", clock, cpu);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(Written() - writtenBefore) / 1048576.0:F0} MiB written for {Directory.EnumerateFiles(folder).Sum(file => new FileInfo(file).Length) / 1048576.0:F0} MiB that stay"));
        (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        using (var ledger = RunLedger.Open(folder))
        {
            Tell("opened, structure and seals compared", clock, cpu);
            (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            ledger.ContentDigest();
            Tell("digest", clock, cpu);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Tell(string what, Stopwatch clock, TimeSpan cpuBefore) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: {clock.Elapsed.TotalSeconds:F2} s, {(Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds:F2} s of processor time"));

    private static long Written() => File.ReadLines("/proc/self/io")
        .Where(line => line.StartsWith("write_bytes: ", StringComparison.Ordinal))
        .Select(line => long.Parse(line["write_bytes: ".Length..], CultureInfo.InvariantCulture)).Single();

    private static IEnumerable<Sample> All() => Enumerable.Range(0, Problems * SamplesEach).Select(i => new Sample(
        new Completion
        {
            ProblemId = $"train-{i / SamplesEach:D5}",
            Index = i % SamplesEach,
            TokenIds = [.. Enumerable.Range(i, Tokens).Select(t => t % 512)],
            Text = $"First {i} and {i + 1} make {i + i + 1}, and {i} less than that is {i + 1}. Then there are {i * 3} of them, so the answer is {i}.\n#### {i}",
            FinishReason = FinishReason.EndOfText,
            LogProbability = -i / 977.0,
        },
        new Finding
        {
            Verdict = i % 3 == 0 ? Verdict.Correct : Verdict.Incorrect,
            Reason = "equal-rational",
            Answer = $"{i}",
            AnswerKey = $"{i}",
            Verifier = "math 5",
            Evidence = new Dictionary<string, string> { ["rule"] = "number", ["given"] = $"{i}", ["reference"] = $"{i + 1}" },
        }));
}
