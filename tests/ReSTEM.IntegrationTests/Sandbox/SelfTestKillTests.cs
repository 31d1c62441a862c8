using System.Globalization;
using System.Runtime.Versioning;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>Processes that are killed while the sandbox tests itself, and what must not be taken for that.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SelfTestKillTests : IDisposable
{
    private const int Attempts = 3;
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead
        | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite
        | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("restem-self-test-").FullName;

    private string StartsFile => Path.Combine(_folder, "starts");

    private int[] Starts => [.. File.ReadAllLines(StartsFile).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    [SandboxFact]
    public async Task A_worker_that_is_killed_while_it_starts_is_started_again()
    {
        var options = WithScript($"test $(/usr/bin/wc -l < {StartsFile}) -lt {Attempts} && kill -9 $$");
        AllHold(await SandboxSelfTest.RunAsync(options, CancellationToken.None));
        Assert.Equal(Attempts, Starts.Length);
    }

    // The endless loop alone takes a second, so that half a second after the start the test is going on.
    [SandboxFact]
    public async Task A_worker_that_is_killed_between_start_and_end_is_started_again()
    {
        var options = WithScript(
            $"pid=$$; test $(/usr/bin/wc -l < {StartsFile}) -lt 2 && (/bin/sleep 0.5; kill -9 $pid) </dev/null >/dev/null 2>&1 &");
        AllHold(await SandboxSelfTest.RunAsync(options, CancellationToken.None));
        Assert.Equal(2, Starts.Length);
    }

    [SandboxFact]
    public async Task A_child_that_is_killed_is_run_again_by_another_worker()
    {
        var options = WithScript("");
        var test = SandboxSelfTest.RunAsync(options, CancellationToken.None);
        await Eventually.HoldsAsync(() =>
        {
            // Its children come and go: the first worker's are killed until a second one shows that one of them was alive.
            if (Starts is [int first] && SandboxProcesses.Below([first]) is [_, .., int child])
            {
                SandboxProcesses.Kill(child);
            }

            return Starts.Length > 1 || test.IsCompleted;
        });
        AllHold(await test);
        Assert.Equal(2, Starts.Length);
    }

    [SandboxFact]
    public async Task A_worker_that_is_killed_again_and_again_is_reported_with_what_was_seen()
    {
        var options = WithScript("echo 'so far all is well' >&2; kill -9 $$");
        var refusal = await Assert.ThrowsAsync<SandboxException>(() => CodeVerifier.StartAsync(options, CancellationToken.None));
        Assert.Equal(Attempts, Starts.Length);
        Assert.Contains("SIGKILL", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("so far all is well", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("tried 3 times", refusal.Message, StringComparison.Ordinal);
    }

    [SandboxFact]
    public async Task A_layer_that_is_missing_is_refused_at_once()
    {
        var options = WithScript("echo 'bwrap: No permissions to create a new namespace' >&2; exit 1");
        var refusal = await Assert.ThrowsAsync<SandboxException>(() => CodeVerifier.StartAsync(options, CancellationToken.None));
        Assert.Contains("user namespaces are refused", refusal.Message, StringComparison.Ordinal);
        Assert.Single(Starts);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void AllHold(IReadOnlyList<SandboxFinding> findings) =>
        Assert.All(findings, finding => Assert.True(finding.Holds, $"{finding.Name}: {finding.Detail}"));

    /// <summary>Bubblewrap behind a script that notes the process of each start, and then does something of its own.</summary>
    private SandboxOptions WithScript(string line)
    {
        string script = Path.Combine(_folder, "bwrap");
        File.WriteAllText(StartsFile, "");
        File.WriteAllText(script, $"#!/bin/sh\necho $$ >> {StartsFile}\n{line}\nexec /usr/bin/bwrap \"$@\"\n");
        Array.ForEach([_folder, StartsFile, script], path => File.SetUnixFileMode(path, Everybody));
        return new SandboxOptions { BubblewrapPath = script };
    }
}
