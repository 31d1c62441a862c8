using System.Diagnostics;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>Judges every reference solution and says which ones do not pass.</summary>
internal static class ReferenceRun
{
    public static async Task RunAllAsync(string data)
    {
        // Ten LeetCode solutions use these two; both are packages of Debian.
        var options = new SandboxOptions { Packages = ["sortedcontainers", "numpy"] };
        await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
        await RunAsync(verifier, "HumanEval", CodeData.HumanEval(data));
        await RunAsync(verifier, "MBPP", CodeData.Mbpp(data));
        await RunAsync(verifier, "APPS", CodeData.Apps(data));
        await RunAsync(verifier, "LeetCode", CodeData.LeetCode(data));
    }

    private static async Task RunAsync(CodeVerifier verifier, string name, IReadOnlyList<Problem> problems)
    {
        long start = Stopwatch.GetTimestamp();
        var findings = new Finding[problems.Count];
        await Parallel.ForAsync(0, problems.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, token) =>
            findings[index] = await verifier.VerifyAsync(problems[index], problems[index].Solution, token));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int passed = findings.Count(finding => finding.Verdict is Verdict.Correct);
        Console.WriteLine($"{name}: {passed}/{problems.Count} in {seconds:F1} s, {problems.Count / seconds:F0}/s, {verifier.AssertCounts}");
        foreach (var (problem, finding) in problems.Zip(findings).Where(pair => pair.Second.Verdict is not Verdict.Correct))
        {
            Console.WriteLine($"  {problem.Id}: {finding.Verdict} {finding.Reason} {string.Join("; ", finding.Details.Select(pair => pair.Key + "=" + pair.Value.ReplaceLineEndings("|")))}");
        }
    }
}
