using System.Diagnostics;
using System.Globalization;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>Page faults and processor time of a check, by the part that causes them, on mixes of submissions.</summary>
internal static class Costs
{
    private static readonly string[] Parts = ["host", "zygote", "submission", "test code's zygote", "test code"];

    public static async Task RunAsync(string data, string output, string mix = "")
    {
        var text = new StringBuilder("\n## Mixes of submissions\n\nOne check after the other, the second time round: plans of test code are made once a problem. Page faults and CPU time are those of\n"
            + "all processes that take part; by part: the host, the zygote that forks, the child that runs the submission, and the same for test code.\n"
            + "Each mix twice, one way after the other: memory copied by the kernel page by page, and ahead where the worker finds that cheaper.\n\n"
            + "| mix | checks | right | checks/s seen | part | page faults | user ms | kernel ms |\n|---|--:|--:|--:|---|--:|--:|--:|\n");
        var mixes = (await Mixes.ReadAsync(data)).Where(one => one.Name.Contains(mix, StringComparison.Ordinal));
        var ways = new[] { (Word: "page by page", Copying: PageCopying.Never), (Word: "as measured here", Copying: PageCopying.Measured) };
        foreach (var ((name, submissions), (word, copying)) in mixes.SelectMany(_ => ways, (one, way) => (one, way)))
        {
            await using var verifier = await CodeVerifier.StartAsync(new SandboxOptions { WorkerCount = 1, PageCopying = copying }, CancellationToken.None);
            await JudgeAsync(verifier, submissions); // plans are made once a problem, and a run judges many draws on each
            var before = Use(verifier);
            long start = Stopwatch.GetTimestamp();
            int right = await JudgeAsync(verifier, submissions);
            double rate = submissions.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
            var used = Use(verifier).Zip(before, (now, then) => now - then).ToList();
            text.Append(Row(string.Create(CultureInfo.InvariantCulture, $"{name}; {word} | {submissions.Count} | {right} | {rate:F0}"), "all", used.Aggregate((one, other) => one + other), submissions.Count));
            foreach (var (part, use) in Parts.Zip(used))
            {
                text.Append(Row(" | | | ", part, use, submissions.Count));
            }
        }

        Console.WriteLine(text);
        if (output.Length > 0)
        {
            await File.AppendAllTextAsync(output, text.ToString());
        }
    }

    private static string Row(string mix, string part, ProcessUse use, int checks) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {mix} | {part} | {(double)use.Faults / checks:F0} | {use.User / checks * 1000:F2} | {use.Kernel / checks * 1000:F2} |\n");

    private static async Task<int> JudgeAsync(CodeVerifier verifier, List<(Problem Problem, string Code)> submissions)
    {
        int right = 0;
        foreach (var (problem, code) in submissions)
        {
            right += (await verifier.VerifyAsync(problem, code, CancellationToken.None)).Verdict is Verdict.Correct ? 1 : 0;
        }

        return right;
    }

    private static List<ProcessUse> Use(CodeVerifier verifier)
    {
        var (submissions, testCode) = verifier.WorkersByKind;
        return [ProcessUse.Of(Environment.ProcessId).Own, .. Workers(submissions), .. Workers(testCode)];
    }

    // A worker is a bubblewrap process with the zygote below it; the zygote waits for the runs.
    private static ProcessUse[] Workers(IEnumerable<int> workers)
    {
        var zygotes = workers.SelectMany(worker => ProcessTree.Of([worker])).Where(process => !workers.Contains(process.Id))
            .Select(process => ProcessUse.Of(process.Id)).ToList();
        return [zygotes.Aggregate(default(ProcessUse), (all, use) => all + use.Own), zygotes.Aggregate(default(ProcessUse), (all, use) => all + use.Children)];
    }
}
