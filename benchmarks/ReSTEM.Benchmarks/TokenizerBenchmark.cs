using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ReSTEM.Tokenizers;

namespace ReSTEM.Benchmarks;

/// <summary>Bytes of text a second of processor time, and bytes allocated for each, of published tokenizers on one thread.</summary>
internal static class TokenizerBenchmark
{
    private const int Runs = 7;
    private const int WholeLength = 1_000_000;

    private static readonly string[] Names = ["gpt2", "llama3", "qwen3", "gemma3", "mistral_v01_as_llama2"];

    /// <summary>Writes a table in Markdown; best of some runs after a first one that is shown too.</summary>
    internal static void Run(string dataFolder, TextWriter output)
    {
        string[] texts = EnglishTexts(dataFolder);
        long size = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
        output.WriteLine($"{texts.Length} texts of GSM8K, {size / 1e6:F1} MB; per second of processor time\n");
        output.WriteLine("| | first run | encoding | allocated | one text of 1 MB | allocated | decoding |\n|---|--:|--:|--:|--:|--:|--:|");
        foreach (string name in Names)
        {
            output.WriteLine(Row(name, Load(dataFolder, name), texts, size));
        }
    }

    private static string Row(string name, Tokenizer tokenizer, string[] texts, long size)
    {
        string whole = string.Concat(texts)[..WholeLength];
        (double first, _) = Measure(1, size, () => EncodeAll(tokenizer, texts));
        int[][] ids = [.. texts.Select(text => tokenizer.Encode(text, addSpecialTokens: false))];
        (double encoding, double allocated) = Measure(Runs, size, () => EncodeAll(tokenizer, texts));
        (double wholeRate, double wholeAllocated) = Measure(Runs, whole.Length, () => tokenizer.Encode(whole, addSpecialTokens: false));
        (double decoding, _) = Measure(Runs, size, () => DecodeAll(tokenizer, ids));
        return $"| {name} | {first:F1} MB/s | {encoding:F1} MB/s | {allocated:F1} B/B | {wholeRate:F1} MB/s | {wholeAllocated:F1} B/B | {decoding:F1} MB/s |";
    }

    private static void EncodeAll(Tokenizer tokenizer, string[] texts)
    {
        foreach (string text in texts)
        {
            tokenizer.Encode(text, addSpecialTokens: false);
        }
    }

    private static void DecodeAll(Tokenizer tokenizer, int[][] ids)
    {
        foreach (int[] sequence in ids)
        {
            tokenizer.Decode(sequence, skipSpecialTokens: false);
        }
    }

    private static (double MegabytesPerSecond, double AllocatedPerByte) Measure(int runs, long size, Action action)
    {
        (double best, long least) = (0, long.MaxValue);
        for (int run = 0; run < runs; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = Environment.CpuUsage.TotalTime; // a busy machine does not change it
            action();
            best = Math.Max(best, size / 1e6 / (Environment.CpuUsage.TotalTime - start).TotalSeconds);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (best, (double)least / size);
    }

    private static Tokenizer Load(string dataFolder, string name)
    {
        string file = Path.Combine(dataFolder, "tokenizers", name, "tokenizer.json.gz");
        using GZipStream stream = new(File.OpenRead(file), CompressionMode.Decompress);
        return Tokenizer.Load(stream, file);
    }

    private static string[] EnglishTexts(string dataFolder) =>
    [
        .. Directory.GetFiles(Path.Combine(dataFolder, "gsm8k"), "*.jsonl*").Order(StringComparer.Ordinal).SelectMany(Lines)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => $"{row.GetProperty("question").GetString()}\n{row.GetProperty("answer").GetString()}"),
    ];

    private static IEnumerable<string> Lines(string file)
    {
        using Stream stream = File.OpenRead(file);
        using StreamReader reader = new(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
