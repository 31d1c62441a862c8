using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.SandboxBenchmarks;

/// <summary>Very many runs in the same workers: memory, descriptors, mounts and zombies must stay as they are.</summary>
internal static class Soak
{
    private static readonly (string Code, Verdict Verdict)[] Programs =
    [
        ("def f(x):\n    return 2 * x", Verdict.Correct),
        ("def f(x):\n    return 2 * x + 1", Verdict.Incorrect),
        ("import os\ndef f(x):\n    open('/tmp/left', 'w').write('x' * 10000)\n    return 2 * x", Verdict.Correct),
        ("def f(x):\n    return [0] * 10 ** 10", Verdict.LimitExceeded),
        ("import os\nos._exit(0)\ndef f(x): pass", Verdict.Incorrect),
        ("import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()\ndef f(x):\n    return 2 * x", Verdict.Correct),
    ];

    private static readonly Problem Doubling = new()
    {
        Id = "double",
        Task = TaskKind.Code,
        Prompt = "Double.",
        Tests = new CodeTests
        {
            Form = CodeTestForm.Calls,
            EntryPoint = "f",
            Cases = [new("[1]", ["2"]), new("[5]", ["10"])],
        },
    };

    public static async Task RunAsync(int runs)
    {
        var options = new SandboxOptions { WorkerCount = 2, RunsPerWorker = int.MaxValue };
        await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
        int wrong = 0;
        int step = Math.Max(1, runs / 10);
        Console.WriteLine("runs, wrong verdicts, host KiB, host descriptors, worker KiB, worker processes, zombies, zygote descriptors, zygote mounts");
        for (int done = 0; done <= runs; done += step)
        {
            await Parallel.ForAsync(done, done + step, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (index, token) =>
            {
                var (code, verdict) = Programs[index % Programs.Length];
                var finding = await verifier.VerifyAsync(Doubling, $"```python\n{code}\n```", token);
                if (finding.Verdict != verdict)
                {
                    Interlocked.Increment(ref wrong);
                    Console.WriteLine($"{index}: {finding.Verdict} {finding.Reason}, expected {verdict}");
                }
            });
            Report(verifier, done + step, wrong);
        }
    }

    private static void Report(CodeVerifier verifier, int done, int wrong)
    {
        GC.Collect();
        var tree = ProcessTree.Of(verifier.WorkerProcessIds);
        int zygote = tree[^1].Id;
        long host = ProcessTree.Of([Environment.ProcessId])[0].Resident / 1024;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{done}, {wrong}, {host}, {Count($"/proc/{Environment.ProcessId}/fd")}, {tree.Sum(process => process.Resident) / 1024}, {tree.Count}, {tree.Count(process => process.State == 'Z')}, {Count($"/proc/{zygote}/fd")}, {File.ReadLines($"/proc/{zygote}/mounts").Count()}"));
    }

    private static int Count(string folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).Count();
        }
        catch (UnauthorizedAccessException)
        {
            return -1; // another user's process, which only root may look into
        }
    }
}
