using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using ReSTEM.Answers;
using ReSTEM.Core;
using ReSTEM.Tests;

namespace ReSTEM.AnswerBenchmarks;

/// <summary>Checks every MATH test answer against a rewriting and a wrong neighbour of itself, and plain numbers.</summary>
/// <remarks>Per check the least time of several repetitions counts, so that other load on the machine does not.</remarks>
internal static class AnswerSpeed
{
    private const int Repetitions = 7;
    private const int PlainCount = 200_000;

    private static readonly MathVerifier Verifier = new();

    internal static void Report(string folder, string? pairsFile)
    {
        var pairs = Pairs(Path.Combine(folder, "math", "test.jsonl.gz")).ToArray();
        double[] least = new double[pairs.Length];
        Array.Fill(least, double.MaxValue);
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            for (int index = 0; index < pairs.Length; index++)
            {
                long start = Stopwatch.GetTimestamp();
                Verifier.Compare(pairs[index].Answer, pairs[index].Reference);
                least[index] = Math.Min(least[index], Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }

        double[] sorted = [.. least.Order()];
        Console.WriteLine($"MATH test answers, {pairs.Length} pairs: median {sorted[sorted.Length / 2]:F1} us ({1e6 / sorted[sorted.Length / 2]:F0} checks/s), "
            + $"mean {sorted.Average():F1} us, 99 % {sorted[(int)(sorted.Length * 0.99)]:F1} us, slowest {sorted[^1] / 1000:F2} ms");
        int slowest = Array.IndexOf(least, sorted[^1]);
        Console.WriteLine($"slowest pair: {pairs[slowest].Reference} against {pairs[slowest].Answer}");
        Plain();
        if (pairsFile is not null)
        {
            WritePairs(pairs, least, pairsFile);
        }
    }

    private static void Plain()
    {
        string[] numbers = [.. Enumerable.Range(0, PlainCount).Select(static index => (index * 7919L % 1_000_003).ToString())];
        var problem = new Problem { Id = "p", Task = TaskKind.Math, Prompt = "How many are left?", Reference = "72" };
        double best = double.MaxValue;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            foreach (string number in numbers)
            {
                _ = Verifier.VerifyAsync(problem, number, CancellationToken.None).AsTask();
            }

            best = Math.Min(best, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds);
        }

        Console.WriteLine($"plain numbers, extraction included: {PlainCount / best:F0} checks/s");
    }

    /// <summary>The pairs that SymPy's own parser can read too, with the time of each here in microseconds.</summary>
    private static void WritePairs((string Reference, string Answer)[] pairs, double[] microseconds, string file)
    {
        using var writer = new StreamWriter(file);
        int count = 0;
        for (int index = 0; index < pairs.Length; index++)
        {
            if (SympyText.Of(pairs[index].Reference) is { } left && SympyText.Of(pairs[index].Answer) is { } right)
            {
                var verdict = Verifier.Compare(pairs[index].Answer, pairs[index].Reference).Verdict;
                writer.WriteLine(JsonSerializer.Serialize(new { left, right, verdict = verdict.ToString(), microseconds = microseconds[index] }));
                count++;
            }
        }

        Console.WriteLine($"{count} of {pairs.Length} pairs written for SymPy");
    }

    private static IEnumerable<(string Reference, string Answer)> Pairs(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        foreach (string line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string reference = JsonDocument.Parse(line).RootElement.GetProperty("answer").GetString()!;
            if (reference.Trim().Length == 0)
            {
                continue;
            }

            yield return (reference, Perturbations.Of(reference).Last().Answer);
            foreach (var (_, answer) in WrongNeighbours.Of(reference).Take(1))
            {
                yield return (reference, answer);
            }
        }
    }
}
