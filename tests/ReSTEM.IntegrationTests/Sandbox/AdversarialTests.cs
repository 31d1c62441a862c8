using System.Net;
using System.Net.Sockets;
using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

public sealed class AdversarialTests
{
    private static readonly Problem Doubling = new()
    {
        Id = "double",
        Task = TaskKind.Code,
        Prompt = "f(x) = 2 x",
        Tests = new CodeTests
        {
            Form = CodeTestForm.Calls,
            EntryPoint = "f",
            Cases = [new("[1]", ["2"]), new("[21]", ["42"]), new("[-7]", ["-14"]), new("[1000]", ["2000"])],
            Output = new OutputRule { TypesMatter = true },
        },
    };

    // The tolerance keeps the host from judging by itself: test code and submission talk to each other.
    private static readonly Problem DoublingByAsserts = Doubling with
    {
        Tests = new CodeTests
        {
            Form = CodeTestForm.Asserts,
            EntryPoint = "f",
            Statements = ["assert type(f(1)) is int", "for x in (1, 21, -7, 1000):\n    assert abs(f(x) - 2 * x) < 0.5"],
        },
    };

    [SandboxFact]
    public async Task No_attack_changes_a_verdict_or_the_machine()
    {
        string canary = Path.Combine(Path.GetTempPath(), $"canary-{Environment.ProcessId}");
        await File.WriteAllTextAsync(canary, "alive");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var attacks = AttacksOnVerdict.All.Concat(AttacksOnSystem.All(canary, port)).Concat(AttacksOnResources.All).ToList();
        Assert.True(attacks.Count >= 80, $"{attacks.Count} attacks");
        var faults = new List<string>();
        foreach (var group in attacks.GroupBy(attack => attack.Limits))
        {
            var options = new SandboxOptions { WorkerCount = 1, Limits = group.Key };
            await using var verifier = await CodeVerifier.StartAsync(options, CancellationToken.None);
            foreach (var attack in group)
            {
                await RunAsync(verifier, attack, faults);
            }

            faults.AddRange(SandboxProcesses.BelowWorkers(verifier.WorkerProcessIds).Where(name => name != "python3" && name != "bwrap"));
        }

        faults.AddRange(listener.Pending() ? ["somebody called the host"] : []);
        faults.AddRange(await File.ReadAllTextAsync(canary) == "alive" ? [] : ["the canary is dead"]);
        File.Delete(canary);
        Assert.Equal([], faults);
    }

    private static async Task RunAsync(CodeVerifier verifier, Attack attack, List<string> faults)
    {
        // What never ends comes to no answer: it is tried with a wrong one, which must not be rewarded.
        foreach (bool right in attack.Limits == TestLimits.Sleeping && !attack.Survives ? new[] { false } : [true, false])
        {
            var finding = await JudgeAsync(verifier, Doubling, attack.With(right));
            bool asExpected = right
                ? finding.Verdict is not Verdict.VerifierFailed && (!attack.Survives || finding.Verdict is Verdict.Correct)
                : finding.Verdict is not (Verdict.Correct or Verdict.VerifierFailed);
            if (!asExpected || !MayStop(attack, finding))
            {
                string evidence = string.Join(", ", finding.Details.Select(pair => $"{pair.Key}={pair.Value}"));
                faults.Add($"{attack.Name}, {(right ? "right" : "wrong")} answer: {finding.Verdict} {finding.Reason} ({evidence})");
            }
        }

        var live = await JudgeAsync(verifier, DoublingByAsserts, attack.With(right: false));
        if (live.Verdict is Verdict.Correct or Verdict.VerifierFailed || !MayStop(attack, live))
        {
            faults.Add($"{attack.Name}, wrong answer to asserts: {live.Verdict} {live.Reason}");
        }

        var next = await JudgeAsync(verifier, Doubling, "def f(x):\n    import os\n    return 2 * x if os.listdir('/tmp') == [] else None");
        var nextWrong = await JudgeAsync(verifier, Doubling, "def f(x):\n    return x");
        if (next.Verdict is not Verdict.Correct || nextWrong.Verdict is not Verdict.Incorrect)
        {
            faults.Add($"after {attack.Name}: {next.Verdict} {next.Reason}, {nextWrong.Verdict} {nextWrong.Reason}");
        }
    }

    /// <summary>Whether it was no limit of time that ended the attack, or one was meant to.</summary>
    private static bool MayStop(Attack attack, Finding finding) =>
        attack.Limits == TestLimits.Sleeping || finding.Reason is not ("cpu-limit" or "wall-limit");

    private static async Task<Finding> JudgeAsync(CodeVerifier verifier, Problem problem, string code) =>
        await verifier.VerifyAsync(problem, $"```python\n{code}\n```", CancellationToken.None);
}
