using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Verification;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>Checks per second and CPU per check of the sandbox beside two usual ways, in one run, on reference solutions.</summary>
internal static class Rates
{
    private const int Rounds = 3;

    private sealed record Peer(int Passed, double Wall, double Cpu);

    public static async Task RunAsync(string data, string output)
    {
        var functions = CodeData.HumanEval(data);
        var programs = StandardIo();
        string functionFile = await WriteAsync(functions.Select(problem =>
            $"{problem.Tests!.Preamble}{problem.Solution}\n{string.Join('\n', problem.Tests.Statements)}"));
        string programFile = await WriteAsync(programs.Select(problem => SelfChecking(problem)));
        await using var verifier = await CodeVerifier.StartAsync(new SandboxOptions { WorkerCount = 1 }, CancellationToken.None);
        await MeasureAsync(verifier, functions);
        var best = new SortedDictionary<string, Peer>(StringComparer.Ordinal);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (var (name, file, problems) in new[] { ("HumanEval", functionFile, functions), ("stdin programs", programFile, programs) })
            {
                Keep(best, name + ": 1 multiprocessing child and manager per check (human-eval's way)", await RunPeerAsync("multiprocessing_check.py", file));
                Keep(best, name + ": 2 bare subprocess per check", await RunPeerAsync("subprocess_check.py", file));
                Keep(best, name + ": 3 ReSTEM sandbox, all layers", await MeasureAsync(verifier, problems));
            }
        }

        File.Delete(functionFile);
        File.Delete(programFile);
        await WriteAsync(output, best, functions.Count);
    }

    private static async Task<string> WriteAsync(IEnumerable<string> programs)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(programs));
        return file;
    }

    // The peers have no channel for input: the program reads it from a text and is compared in place.
    private static string SelfChecking(Problem problem)
    {
        var test = problem.Tests!.Cases[0];
        return $$"""
            import contextlib, io, sys
            sys.stdin = io.StringIO({{JsonSerializer.Serialize(test.Input)}})
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                exec({{JsonSerializer.Serialize(problem.Solution)}})
            assert output.getvalue().split() == {{JsonSerializer.Serialize(test.Accepted[0])}}.split()
            """;
    }

    private static List<Problem> StandardIo() =>
    [
        .. Enumerable.Range(0, 164).Select(index => new Problem
        {
            Id = $"sum/{index}",
            Task = TaskKind.Code,
            Prompt = "Sum.",
            Solution = "n = int(input())\nnumbers = list(map(int, input().split()))\nprint(sum(numbers[:n]))\n",
            Tests = new CodeTests { Form = CodeTestForm.StandardIo, Cases = [new($"3\n1 2 {index}\n", [$"{3 + index}\n"])] },
        }),
    ];

    private static async Task<Peer> MeasureAsync(CodeVerifier verifier, List<Problem> problems)
    {
        double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds
            + ProcessTree.Of(verifier.WorkerProcessIds).Sum(process => process.Cpu);
        double before = Cpu();
        long start = Stopwatch.GetTimestamp();
        int passed = 0;
        foreach (var problem in problems)
        {
            var finding = await verifier.VerifyAsync(problem, problem.Solution, CancellationToken.None);
            passed += Reward.Of(finding.Verdict);
        }

        return new Peer(passed, Stopwatch.GetElapsedTime(start).TotalSeconds, Cpu() - before);
    }

    private static async Task<Peer> RunPeerAsync(string script, string programs)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "peers", script);
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [path, programs]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{script} did not start.");
        string text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        using var json = JsonDocument.Parse(text);
        return new Peer(
            json.RootElement.GetProperty("passed").GetInt32(), json.RootElement.GetProperty("wall").GetDouble(), json.RootElement.GetProperty("cpu").GetDouble());
    }

    private static void Keep(SortedDictionary<string, Peer> best, string name, Peer found)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {found}"));
        best[name] = best.TryGetValue(name, out var known) && known.Cpu <= found.Cpu ? known : found;
    }

    private static async Task WriteAsync(string output, SortedDictionary<string, Peer> best, int count)
    {
        var text = new StringBuilder("# Rates of the code sandbox\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, {File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim()}.\n");
        text.Append(CultureInfo.InvariantCulture, $"{count} checks one after the other, best of {Rounds} rounds by CPU time. A check is a whole HumanEval problem or one stdin test.\n");
        text.Append("CPU is that of all processes that take part, the host among them; its inverse is the rate of a free core.\n\n");
        text.Append("| way | passed | checks/s seen | CPU per check | checks/s per free core | against way 1 | against way 2 |\n|---|--:|--:|--:|--:|--:|--:|\n");
        double first = 0;
        double second = 0;
        foreach (var (name, found) in best)
        {
            double cpu = found.Cpu / count;
            first = name.Contains(": 1 ", StringComparison.Ordinal) ? cpu : first;
            second = name.Contains(": 2 ", StringComparison.Ordinal) ? cpu : second;
            string against = name.Contains(": 1 ", StringComparison.Ordinal) ? "" : string.Create(CultureInfo.InvariantCulture, $"{first / cpu:F1} x");
            string againstSecond = name.Contains(": 3 ", StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"{second / cpu:F1} x") : "";
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {found.Passed} | {count / found.Wall:F0} | {cpu * 1000:F2} ms | {1 / cpu:F0} | {against} | {againstSecond} |\n");
        }

        Console.WriteLine(text);
        if (output.Length > 0)
        {
            await File.WriteAllTextAsync(output, text.ToString());
        }
    }
}
