using System.Diagnostics;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>Processes killed at any time, and verdicts under other numbers of workers.</summary>
public sealed class FaultTests
{
    private const int Submissions = 100;
    private const int Rounds = 4;
    private const int MostRounds = 100;
    private const int Kills = 20;
    private static readonly SandboxOptions Options = VerifierFixture.Options;

    [SandboxFact]
    public async Task Killed_workers_zygotes_and_children_lose_and_double_no_verdict()
    {
        await using var verifier = await CodeVerifier.StartAsync(Options, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        int judged = 0;
        int killed = 0;
        var killer = KillAsync(verifier, () => Volatile.Read(ref judged), () => Interlocked.Increment(ref killed), stop.Token);

        // How many fall to the killer in one round depends on who is faster.
        var expected = Enumerable.Range(0, Submissions).Select(index => SmallProblems.Cases[index % SmallProblems.Cases.Count]).ToList();
        var faults = new List<string>();
        for (int round = 0; round < Rounds || (round < MostRounds && Volatile.Read(ref killed) < Kills); round++)
        {
            var found = new Finding[Submissions];
            await Parallel.ForAsync(0, Submissions, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (index, token) =>
            {
                found[index] = await verifier.VerifyAsync(expected[index].Problem, expected[index].Code, token);
                Interlocked.Increment(ref judged);
            });
            faults.AddRange(expected.Zip(found)
                .Where(pair => (pair.First.Verdict, pair.First.Reason) != (pair.Second.Verdict, pair.Second.Reason))
                .Select(pair => $"{pair.First.Verdict} {pair.First.Reason} became {pair.Second.Verdict} {pair.Second.Reason}"));
        }

        await stop.CancelAsync();
        await killer;
        Assert.True(killed >= Kills, $"{killed} killed");
        Assert.Equal([], faults);
    }

    [SandboxFact]
    public async Task One_two_and_eight_workers_give_the_same_findings()
    {
        List<(Verdict Verdict, string Reason, string? Key)>? first = null;
        foreach (int workers in new[] { 1, 2, 8 })
        {
            await using var verifier = await CodeVerifier.StartAsync(Options with { WorkerCount = workers }, CancellationToken.None);
            var found = new Finding[SmallProblems.Cases.Count];
            await Parallel.ForAsync(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = workers }, async (index, token) =>
                found[index] = await verifier.VerifyAsync(SmallProblems.Cases[index].Problem, SmallProblems.Cases[index].Code, token));
            var findings = found.Select(finding => (finding.Verdict, finding.Reason, finding.AnswerKey)).ToList();
            first ??= findings;
            Assert.Equal(first, findings);
        }
    }

    [SandboxFact]
    public async Task A_worker_is_replaced_after_its_runs_and_nothing_is_left_of_it()
    {
        var workers = new HashSet<int>();
        await using (var verifier = await CodeVerifier.StartAsync(Options with { WorkerCount = 1, RunsPerWorker = 5 }, CancellationToken.None))
        {
            for (int i = 0; i < 20; i++)
            {
                var finding = await verifier.VerifyAsync(SmallProblems.Function, "def f(x):\n    return 2 * x", CancellationToken.None);
                Assert.Equal(Verdict.Correct, finding.Verdict);
                workers.UnionWith(verifier.WorkerProcessIds);
                workers.UnionWith(SandboxProcesses.Below(verifier.WorkerProcessIds));
            }
        }

        await Eventually.HoldsAsync(() => !workers.Any(id => Directory.Exists($"/proc/{id}")));
        Assert.True(workers.Count >= 8, $"{workers.Count} processes");
        Assert.DoesNotContain(workers, id => Directory.Exists($"/proc/{id}"));
    }

    [SandboxFact]
    public async Task A_killed_host_leaves_nothing_running()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "ReSTEM.SandboxBenchmarks.dll");
        using var host = Process.Start(new ProcessStartInfo("dotnet", [program, "hold"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("The host did not start.");
        Assert.Equal("holding", await host.StandardOutput.ReadLineAsync());
        var below = SandboxProcesses.Below([host.Id]);
        Assert.True(below.Count >= 3, $"{below.Count} processes");
        host.Kill();
        await host.WaitForExitAsync();
        await Eventually.HoldsAsync(() => !below.Exists(id => Directory.Exists($"/proc/{id}")));
        Assert.Equal([], below.Where(id => Directory.Exists($"/proc/{id}")));
    }

    // Moments are random in verdicts, and then within the run that comes next: on a machine so busy that a run outlasts any fixed
    // pause, none would ever end.
    private static async Task KillAsync(CodeVerifier verifier, Func<int> judged, Action killed, CancellationToken stop)
    {
        int next = 0;
        var random = new RandomSequence(RandomStream.Of(1, RandomPurpose.Problems));
        while (!stop.IsCancellationRequested)
        {
            if (judged() < next)
            {
                await Task.Delay(1, CancellationToken.None);
                continue;
            }

            next = judged() + random.Between(1, 15);
            await Task.Delay(random.Below(20), CancellationToken.None);
            var workers = verifier.WorkerProcessIds;
            var all = workers.Concat(SandboxProcesses.Below(workers)).ToList();
            if (all.Count > 0 && SandboxProcesses.Kill(random.Pick(all)))
            {
                killed();
            }
        }
    }
}
