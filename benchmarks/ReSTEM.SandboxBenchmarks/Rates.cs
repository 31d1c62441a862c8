using System.Diagnostics;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>Checks per second and CPU per check of the sandbox beside the usual ways, in one run, on reference solutions.</summary>
internal static class Rates
{
    private const int Rounds = 5;
    private const int WarmUpRounds = 5;

    private static readonly (string Name, string Script, string[] Arguments)[] Peers =
    [
        ("a multiprocessing child and manager per check, scorer with numpy (human-eval's way)", "multiprocessing_check.py", ["numpy"]),
        ("a multiprocessing child and manager per check, bare scorer", "multiprocessing_check.py", []),
        ("a subprocess per check: python3 -", "subprocess_check.py", []),
        ("a subprocess per check: python3 -I -S -", "subprocess_check.py", ["-I", "-S"]),
    ];

    public static async Task RunAsync(string data, string output)
    {
        var functions = CodeData.HumanEval(data);
        var sums = SumPrograms();
        var sets = new[]
        {
            ("HumanEval", functions, await WriteAsync(functions.Select(SelfChecking))),
            ("stdin programs", sums, await WriteAsync(sums.Select(ReadingText))),
        };
        await using var verifier = await CodeVerifier.StartAsync(new SandboxOptions { WorkerCount = 1 }, CancellationToken.None);
        // A run of the loop judges millions: what the host's just-in-time compiler does in the first seconds does not count.
        for (int round = 0; round < WarmUpRounds; round++)
        {
            await MeasureAsync(verifier, functions);
        }

        var report = new RatesReport(Rounds, functions.Count);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (var (set, problems, file) in sets)
            {
                foreach (var (name, script, arguments) in Peers)
                {
                    report.Add(set, name, await RunPeerAsync(script, [.. arguments, file]));
                }

                report.Add(set, RatesReport.Own, await MeasureAsync(verifier, problems));
            }
        }

        foreach (var (_, _, file) in sets)
        {
            File.Delete(file);
        }

        await report.WriteAsync(output);
    }

    private static async Task<string> WriteAsync(IEnumerable<string> programs)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(programs));
        return file;
    }

    private static string SelfChecking(Problem problem) =>
        $"{problem.Tests!.Preamble}{problem.Solution}\n{string.Join('\n', problem.Tests.Statements)}";

    // The peers have no channel for input: the program reads it from a text and is compared in place.
    private static string ReadingText(Problem problem)
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

    private static List<Problem> SumPrograms() =>
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

    private static async Task<RateRow> MeasureAsync(CodeVerifier verifier, List<Problem> problems)
    {
        double workers = ProcessTree.Of(verifier.WorkerProcessIds).Sum(process => process.Cpu);
        double host = HostCpu();
        long start = Stopwatch.GetTimestamp();
        int passed = 0;
        foreach (var problem in problems)
        {
            var finding = await verifier.VerifyAsync(problem, problem.Solution, CancellationToken.None);
            passed += finding.Verdict is Verdict.Correct ? 1 : 0;
        }

        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        host = HostCpu() - host;
        workers = ProcessTree.Of(verifier.WorkerProcessIds).Sum(process => process.Cpu) - workers;
        return new RateRow(passed, wall, host + workers);
    }

    private static double HostCpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

    private static async Task<RateRow> RunPeerAsync(string script, string[] arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "peers", script);
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [path, .. arguments]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{script} did not start.");
        string text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{script} {string.Join(' ', arguments[..^1])} ended with {process.ExitCode}, expected 0; is python3-numpy installed?");
        }

        using var json = JsonDocument.Parse(text);
        double Seconds(string name) => json.RootElement.GetProperty(name).GetDouble();
        return new RateRow(json.RootElement.GetProperty("passed").GetInt32(), Seconds("wall"), Seconds("cpu"));
    }
}
