using System.Diagnostics;
using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>A test that needs control groups that this user may make.</summary>
internal sealed class ControlGroupFactAttribute : FactAttribute
{
    public ControlGroupFactAttribute() =>
        Skip = SandboxAvailability.SkipReason ?? (WorkerCgroup.TryCreate(new SandboxLimits(), out string refusal) is { } group ? Remove(group) : refusal);

    private static string? Remove(WorkerCgroup group)
    {
        group.Dispose();
        return null;
    }
}

public sealed class ControlGroupTests
{
    private const string Right = "def f(x):\n    return 2 * x";
    private static readonly string[] Controllers = ["memory", "pids"];
    private static readonly SandboxOptions Options = VerifierFixture.Options with { WorkerCount = 1 };

    [ControlGroupFact]
    public async Task Every_process_of_a_worker_is_in_groups_of_its_own_with_limits_that_go_with_it()
    {
        List<string> groups;
        var options = Options with { Limits = TestLimits.Running };
        await using (var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None))
        {
            var loop = verifier.VerifyAsync(SmallProblems.Function, "def f(x):\n    while True: pass", CancellationToken.None).AsTask();
            List<int> processes = [];
            while (processes.Count < 3 && !loop.IsCompleted)
            {
                processes = [.. verifier.WorkerProcessIds, .. SandboxProcesses.Below(verifier.WorkerProcessIds)];
            }

            groups = [.. processes.SelectMany(process => Controllers.Select(controller => GroupOf(process, controller))).Distinct()];
            Assert.Equal(Controllers.Length, groups.Count);
            Assert.All(groups, group => Assert.StartsWith($"{ControlGroups.Prefix}{Environment.ProcessId}-", Path.GetFileName(group), StringComparison.Ordinal));
            Assert.Equal(options.Limits.MemoryBytes + (256L << 20), ReadNumber(groups[0], "memory.limit_in_bytes"));
            Assert.Equal(options.Limits.Threads + 16, ReadNumber(groups[1], "pids.max"));
            Assert.Equal("cpu-limit", (await loop).Reason);
        }

        Assert.DoesNotContain(groups, Directory.Exists);
    }

    [ControlGroupFact]
    public async Task A_memory_kill_of_a_run_within_its_limit_is_judged_again()
    {
        await using var verifier = await CodeVerifier.StartAsync(Options, CancellationToken.None);
        Assert.Equal(Verdict.Correct, (await verifier.VerifyAsync(SmallProblems.Function, Right, CancellationToken.None)).Verdict);
        int worker = verifier.WorkerProcessIds.First(id => SandboxProcesses.Below([id]).Count > 0);
        foreach (int id in verifier.WorkerProcessIds)
        {
            Tighten(GroupOf(id, "memory"), 60L << 20);
        }

        var finding = await verifier.VerifyAsync(
            SmallProblems.Function, "hoard = bytearray(64 << 20)\n" + Right, CancellationToken.None);
        Assert.Equal((Verdict.Correct, "all-tests-passed"), (finding.Verdict, finding.Reason));
        Assert.DoesNotContain(worker, verifier.WorkerProcessIds);
    }

    [ControlGroupFact]
    public async Task A_memory_kill_of_a_run_over_its_limit_is_its_own_limit()
    {
        // Without the layer of limits the address space is not limited, and the group is what stops it.
        var options = Options with { GivenUp = SandboxLayers.Limits, Limits = TestLimits.Hoarding };
        await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
        const string Bomb = "def f(x):\n    hoard = []\n    while True: hoard.append(bytearray(10_000_000))";
        var finding = await verifier.VerifyAsync(SmallProblems.Function, Bomb, CancellationToken.None);
        Assert.Equal((Verdict.LimitExceeded, "memory-limit"), (finding.Verdict, finding.Reason));
        var next = await verifier.VerifyAsync(SmallProblems.Function, Right, CancellationToken.None);
        Assert.Equal(Verdict.Correct, next.Verdict);
    }

    [ControlGroupFact]
    public async Task Groups_of_a_killed_host_are_removed_by_the_next_one()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "ReSTEM.SandboxBenchmarks.dll");
        using var host = Process.Start(new ProcessStartInfo("dotnet", [program, "hold"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("The host did not start.");
        Assert.Equal("holding", await host.StandardOutput.ReadLineAsync());
        string pattern = $"{ControlGroups.Prefix}{host.Id}-*";
        Assert.Equal(2 * Controllers.Length, Controllers.Sum(controller => Count(controller, pattern)));
        host.Kill();
        await host.WaitForExitAsync();

        // Its last workers may take a moment to die.
        await Eventually.HoldsAsync(() =>
        {
            WorkerCgroup.TryCreate(new SandboxLimits(), out _)?.Dispose();
            return Controllers.Sum(controller => Count(controller, pattern)) == 0;
        });
        Assert.All(Controllers, controller => Assert.Equal(0, Count(controller, pattern)));
    }

    [Fact]
    public void The_doctor_says_in_one_line_whether_they_are_used()
    {
        string line = ControlGroups.Describe();
        Assert.DoesNotContain('\n', line);
        Assert.Matches("^(in use: memory and processes of each worker|not available, and not needed: .+)", line);
    }

    private static int Count(string controller, string pattern) =>
        Directory.EnumerateDirectories(ControlGroups.OwnFolder(controller), pattern).Count();

    // Another limit for memory with swap would have to come down after that for memory alone.
    private static void Tighten(string group, long bytes)
    {
        foreach (string file in new[] { "memory.limit_in_bytes", "memory.memsw.limit_in_bytes" }.Where(file => File.Exists(Path.Join(group, file))))
        {
            File.WriteAllText(Path.Join(group, file), bytes.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static long ReadNumber(string group, string file) => long.Parse(File.ReadAllText(Path.Join(group, file)), CultureInfo.InvariantCulture);

    private static string GroupOf(int process, string controller) => File.ReadAllLines($"/proc/{process}/cgroup")
        .Select(line => line.Split(':', 3)).Where(parts => parts[1] == controller).Select(parts => $"/sys/fs/cgroup/{controller}{parts[2]}").Single();
}
