using System.Diagnostics;
using System.Globalization;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>The same 1,000 submissions with other numbers of workers and on worse machines: the same findings?</summary>
internal static class Steadiness
{
    private const int Count = 1000;
    private const double Quarter = 0.25;
    private const int DearMicroseconds = 31;

    private static readonly (string Name, int Workers, Func<IDisposable> Machine)[] Conditions =
    [
        ("2 workers", 2, () => SlowMachine.Busy(0)),
        ("1 worker", 1, () => SlowMachine.Busy(0)),
        ("8 workers", 8, () => SlowMachine.Busy(0)),
        ("2 workers, 2 endless loops a core beside them", 2, () => SlowMachine.Busy(2 * Environment.ProcessorCount)),
        ("2 workers, stopped by the scheduler for three quarters of the time", 2, () => SlowMachine.Throttled(Quarter)),
        ("2 workers, page faults made dear", 2, () => SlowMachine.DearFaults(DearMicroseconds)),
    ];

    public static async Task RunAsync(string data, string output, string condition)
    {
        var problems = CodeData.HumanEval(data).Concat(CodeData.Mbpp(data)).ToList();
        var submissions = Enumerable.Range(0, Count).Select(index => Submission(problems[index % problems.Count], index)).ToList();
        var text = new StringBuilder($"{Count} submissions to HumanEval and MBPP, a limit of 2 CPU seconds: nine in ten as published or broken, one in fifty an endless loop,\n"
            + "one in fifty needs half of the limit, one in fifty fills 256 MiB first, one in fifty fills memory until it is refused.\n\n"
            + "| machine | us a page fault | CPU factor | other findings than in the first row | verdicts | repeated alone | s |\n|---|--:|--:|--:|---|--:|--:|\n");
        List<string>? first = null;
        foreach (var (name, workers, worsen) in Conditions.Where((row, index) => index == 0 || row.Name.Contains(condition, StringComparison.Ordinal)))
        {
            using var machine = worsen();
            long start = Stopwatch.GetTimestamp();
            var options = new SandboxOptions { WorkerCount = workers, Limits = new SandboxLimits { CpuSeconds = 2 } };
            await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
            var findings = await JudgeAsync(verifier, submissions, workers);
            first ??= [.. findings];
            var different = Enumerable.Range(0, Count).Where(index => findings[index] != first[index]).ToList();
            string verdicts = string.Join(", ", findings.GroupBy(finding => finding.Split(' ')[0]).Select(group => $"{group.Key} {group.Count()}"));
            string row = string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {SlowMachine.FaultMicroseconds():F1} | {verifier.CpuFactor:F2} | {different.Count} | {verdicts} | {verifier.RepeatedAlone} | {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} |\n");
            Console.Write(row);
            text.Append(row);
            different.Take(10).ToList().ForEach(index => Console.WriteLine($"  {submissions[index].Problem.Id}: {first[index]} | {findings[index]}"));
        }

        if (output.Length > 0)
        {
            await File.WriteAllTextAsync(output, $"# Steadiness of verdicts\n\n    dotnet run -c Release --project benchmarks/ReSTEM.SandboxBenchmarks -- steady ../shared/data RESULT_FILE    # as root, with clang and libbpf-dev\n\n{text}");
        }
    }

    private static async Task<string[]> JudgeAsync(CodeVerifier verifier, List<(Problem Problem, string Code)> submissions, int workers)
    {
        var findings = new string[Count];
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = workers }, async (index, token) =>
        {
            var finding = await verifier.VerifyAsync(submissions[index].Problem, submissions[index].Code, token);
            findings[index] = $"{finding.Verdict} {finding.Reason} {finding.Evidence.GetValueOrDefault("failing_test")}";
        });
        return findings;
    }

    private static (Problem Problem, string Code) Submission(Problem problem, int index)
    {
        string preamble = problem.Tests!.CompletionContinuesPreamble ? problem.Tests.Preamble : "";
        string right = preamble + problem.Solution;
        string name = problem.Tests.EntryPoint;
        return (problem, (index % 50) switch
        {
            7 => $"def {name}(*a):\n    while True: pass\n",
            13 => right + "\nimport time\nwhile time.process_time() < 1.0: pass\n",
            17 => "hoard = bytearray(b'x') * (256 << 20)\n" + right,
            19 => $"def {name}(*a):\n    hoard = []\n    while True: hoard.append(bytearray(b'x') * (16 << 20))\n",
            < 25 => right,
            _ => right + $"\n{name} = lambda *a, **k: 'wrong'\n",
        });
    }
}
