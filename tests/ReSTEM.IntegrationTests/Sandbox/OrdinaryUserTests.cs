using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>The real program as a user without any rights; as the user of the tests when that is no root.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OrdinaryUserTests : IDisposable
{
    private const string User = "65534";
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Enterable = Readable | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private readonly string _folder = Directory.CreateTempSubdirectory("restem-user-").FullName;
    private readonly string _home;

    public OrdinaryUserTests()
    {
        File.SetUnixFileMode(_folder, Enterable);
        CopyForAll(Path.Combine(Restem.Root, "artifacts", "bin", "ReSTEM.Cli", "release"), Path.Combine(_folder, "program"));
        _home = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName;
        File.SetUnixFileMode(_home, Enterable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
    }

    [SandboxFact]
    public async Task The_doctor_shows_every_layer_as_holding()
    {
        var (exitCode, output, errors) = await RunAsync("doctor");
        string[] sandbox = [.. output.Split('\n').Where(line => line.StartsWith("sandbox ", StringComparison.Ordinal))];
        Assert.True(exitCode == 0, errors);
        Assert.True(sandbox.Count(line => line.Contains("holds: ", StringComparison.Ordinal)) >= 20, output);
        Assert.DoesNotContain(sandbox, line => line.Contains("MISSING", StringComparison.Ordinal));
        Assert.Single(sandbox, line => line.Contains("control groups ", StringComparison.Ordinal));
    }

    [SandboxFact]
    public async Task Right_and_wrong_submissions_get_their_verdicts()
    {
        Write("problems.jsonl",
            new { problem_id = 1, question = "Double x.", input_output = new { fn_name = "f", inputs = new[] { new[] { 1 }, [21] }, outputs = new[] { 2, 42 } } },
            new { problem_id = 2, question = "Double x.", input_output = new { inputs = new[] { "1\n", "21\n" }, outputs = new[] { "2\n", "42\n" } } });
        Write("samples.jsonl",
            new { id = "call, right", problem_id = "apps/problems/1", completion = "def f(x):\n    return 2 * x" },
            new { id = "call, wrong", problem_id = "apps/problems/1", completion = "def f(x):\n    return x + 1" },
            new { id = "program, right", problem_id = "apps/problems/2", completion = "print(2 * int(input()))" },
            new { id = "program, wrong", problem_id = "apps/problems/2", completion = "print(2)" },
            new { id = "user", problem_id = "apps/problems/1", completion = "import os\ndef f(x):\n    return 2 * x if os.listdir('/tmp') == [] else 0" });
        var (exitCode, _, errors) = await RunAsync("verify", "--input", "samples.jsonl", "--problems", "problems.jsonl", "--output", "verdicts.jsonl");
        Assert.True(exitCode == 0, errors);
        var verdicts = File.ReadLines(Path.Combine(_home, "verdicts.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => $"{row.GetProperty("id").GetString()}: {row.GetProperty("reward")} {row.GetProperty("reason").GetString()}, {row.GetProperty("evidence").GetProperty("sandbox").GetString()}");
        Assert.Equal(
            [
                "call, right: 1 all-tests-passed, all layers", "call, wrong: 0 wrong-output, all layers",
                "program, right: 1 all-tests-passed, all layers", "program, wrong: 0 wrong-output, all layers",
                "user: 1 all-tests-passed, all layers",
            ],
            verdicts);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        string program = Path.Combine(_folder, "program", "restem");
        string[] command = Environment.IsPrivilegedProcess
            ? ["/usr/bin/setpriv", "--reuid", User, "--regid", User, "--clear-groups", program, .. arguments]
            : [program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = _home,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = _home;
        start.Environment["TMPDIR"] = _home;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    private void Write(string name, params object[] rows)
    {
        string path = Path.Combine(_home, name);
        File.WriteAllLines(path, rows.Select(row => JsonSerializer.Serialize(row)));
        File.SetUnixFileMode(path, Readable);
    }

    private static void CopyForAll(string source, string target)
    {
        Directory.CreateDirectory(target);
        File.SetUnixFileMode(target, Enterable);
        foreach (string file in Directory.EnumerateFiles(source))
        {
            string copy = Path.Combine(target, Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, File.GetUnixFileMode(file) | Readable);
        }

        foreach (string folder in Directory.EnumerateDirectories(source))
        {
            CopyForAll(folder, Path.Combine(target, Path.GetFileName(folder)));
        }
    }
}
