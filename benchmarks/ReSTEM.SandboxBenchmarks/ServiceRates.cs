using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>Rows judged in a second by <c>POST /v1/verify</c> of <c>restem serve</c> and by <c>restem verify</c>, in turns, from files of the same rows.</summary>
internal static class ServiceRates
{
    private const int Rounds = 5;
    private const int Callers = 4;
    private const int RowsOfRequest = 64;

    public static async Task RunAsync(string root, string data, string output)
    {
        string program = Path.Combine(root, "artifacts", "bin", "ReSTEM.Cli", "release", "restem");
        if (!File.Exists(program))
        {
            throw new FileNotFoundException($"{program} does not exist, expected the program; build it with ./restem --help.");
        }

        string work = Directory.CreateTempSubdirectory("restem-service-").FullName;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # Verification as a service, against the verb

            {Environment.ProcessorCount} cores, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before. {Rounds} rounds in turns, medians; {Callers} callers with {RowsOfRequest} rows a request. The verb's time is that of a
            whole process; the server has judged one round before.

                ./restem --help; dotnet run -c Release --project benchmarks/ReSTEM.SandboxBenchmarks -- service ../shared/data RESULT_FILE

            | rows | right | verb, rows/s | service, rows/s | service : verb, of each round |
            |---|--:|--:|--:|---|

            """));
        using Process server = Process.Start(new ProcessStartInfo(program, ["serve", "--model", Path.Combine(root, "configs", "quickstart", "base"), "--port", "0"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            string line = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start: " + await server.StandardError.ReadToEndAsync());
            using var client = new HttpClient { BaseAddress = new Uri(line.Split(' ').First(word => word.StartsWith("http", StringComparison.Ordinal))), Timeout = Timeout.InfiniteTimeSpan };
            foreach (var (name, rows) in new[] { ("GSM8K train, published solutions", Solutions(data)), ("MBPP, published programs", Programs(data)) })
            {
                string input = Path.Combine(work, "rows.jsonl");
                await File.WriteAllLinesAsync(input, rows);
                int right = await AskAsync(client, rows);
                var verb = new List<double>();
                var service = new List<double>();
                for (int round = 0; round < Rounds; round++)
                {
                    verb.Add(rows.Length / await SecondsAsync(() => VerifyAsync(program, input, Path.Combine(work, "verdicts.jsonl"))));
                    service.Add(rows.Length / await SecondsAsync(() => AskAsync(client, rows)));
                }

                string ratios = string.Join(", ", service.Zip(verb, (one, other) => (one / other).ToString("F2", CultureInfo.InvariantCulture)));
                text.Append(CultureInfo.InvariantCulture, $"| {name} | {right} of {rows.Length} | {Median(verb):F0} | {Median(service):F0} | {ratios} |\n");
            }
        }
        finally
        {
            server.Kill();
            Directory.Delete(work, recursive: true);
        }

        Console.WriteLine(text);
        if (output.Length > 0)
        {
            await File.WriteAllTextAsync(output, text.ToString());
        }
    }

    private static string[] Solutions(string data) => [.. Rows(Path.Combine(data, "gsm8k/train.jsonl.gz")).Select(row => new JsonObject
    {
        ["task"] = "math",
        ["gold"] = row["answer"]!.GetValue<string>().Split("####")[1].Trim(),
        ["completion"] = row["answer"]!.GetValue<string>(),
    }.ToJsonString())];

    private static string[] Programs(string data) => [.. Rows(Path.Combine(data, "mbpp/mbpp.jsonl.gz")).Select(row =>
    {
        row["task"] = "code";
        row["completion"] = $"```python\n{row["code"]}\n```";
        return row.ToJsonString();
    })];

    private static IEnumerable<JsonObject> Rows(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return JsonNode.Parse(line)!.AsObject();
        }
    }

    private static async Task<int> AskAsync(HttpClient client, string[] rows)
    {
        int right = 0;
        await Parallel.ForEachAsync(rows.Chunk(RowsOfRequest), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (part, cancel) =>
        {
            using HttpResponseMessage response = await client.PostAsync("/v1/verify", new StringContent(string.Join('\n', part), Encoding.UTF8, "application/jsonl"), cancel);
            response.EnsureSuccessStatusCode();
            string[] findings = (await response.Content.ReadAsStringAsync(cancel)).TrimEnd('\n').Split('\n');
            if (findings.Length != part.Length)
            {
                throw new InvalidOperationException($"{part.Length} rows got {findings.Length} findings.");
            }

            Interlocked.Add(ref right, findings.Count(finding => finding.Contains("\"Correct\"", StringComparison.Ordinal)));
        });
        return right;
    }

    private static async Task VerifyAsync(string program, string input, string output)
    {
        using Process verb = Process.Start(new ProcessStartInfo(program, ["verify", "--input", input, "--output", output]) { RedirectStandardError = true })!;
        string errors = await verb.StandardError.ReadToEndAsync();
        await verb.WaitForExitAsync();
        if (verb.ExitCode != 0)
        {
            throw new InvalidOperationException(errors);
        }
    }

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
