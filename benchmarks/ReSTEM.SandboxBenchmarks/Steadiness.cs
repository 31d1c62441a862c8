using System.Diagnostics;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>The same 1,000 submissions, idle, on a loaded machine, and with 1, 2 and 8 workers: the same findings?</summary>
internal static class Steadiness
{
    private const int Count = 1000;

    public static async Task RunAsync(string data)
    {
        var problems = CodeData.HumanEval(data).Concat(CodeData.Mbpp(data)).ToList();
        var submissions = Enumerable.Range(0, Count).Select(index => Submission(problems[index % problems.Count], index)).ToList();
        List<string>? first = null;
        foreach (var (name, workers, load) in new[] { ("2 workers", 2, 0), ("1 worker", 1, 0), ("8 workers", 8, 0), ("2 workers, loaded", 2, 2 * Environment.ProcessorCount) })
        {
            var burners = Enumerable.Range(0, load).Select(_ => Process.Start("/bin/sh", ["-c", "while :; do :; done"])).ToList();
            long start = Stopwatch.GetTimestamp();
            var options = new SandboxOptions { WorkerCount = workers, Limits = new SandboxLimits { CpuSeconds = 2 } };
            await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
            var findings = new string[Count];
            await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = workers }, async (index, token) =>
            {
                var finding = await verifier.VerifyAsync(submissions[index].Problem, submissions[index].Code, token);
                findings[index] = $"{finding.Verdict} {finding.Reason} {finding.Evidence.GetValueOrDefault("failing_test")}";
            });
            burners.ForEach(burner => burner.Kill());
            first ??= [.. findings];
            int different = findings.Where((finding, index) => finding != first[index]).Count();
            var counts = string.Join(", ", findings.GroupBy(finding => finding.Split(' ')[0]).Select(group => $"{group.Key} {group.Count()}"));
            Console.WriteLine($"{name}: {different} different, {counts}, repeated alone {verifier.RepeatedAlone}, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
            foreach (var (finding, index) in findings.Select((finding, index) => (finding, index)).Where(pair => pair.finding != first[pair.index]).Take(10))
            {
                Console.WriteLine($"  {submissions[index].Problem.Id}: {first[index]} | {finding}");
            }
        }
    }

    // Nine in ten as published or broken; one in fifty an endless loop, one in fifty needs half of the CPU limit.
    private static (Problem Problem, string Code) Submission(Problem problem, int index)
    {
        string preamble = problem.Tests!.CompletionContinuesPreamble ? problem.Tests.Preamble : "";
        string right = preamble + problem.Solution;
        string name = problem.Tests.EntryPoint;
        return (problem, (index % 50) switch
        {
            7 => $"def {name}(*a):\n    while True: pass\n",
            13 => right + "\nimport time\nwhile time.process_time() < 1.0: pass\n",
            < 25 => right,
            _ => right + $"\n{name} = lambda *a, **k: 'wrong'\n",
        });
    }
}
