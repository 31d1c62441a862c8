using System.Diagnostics;

namespace ReSTEM.IntegrationTests;

/// <summary>The launcher's first build, with a stand-in for the SDK.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class LauncherTests : IDisposable
{
    private const string Sdk =
        """
        #!/bin/sh
        sleep 2
        mkdir -p artifacts/bin/ReSTEM.Cli/release
        printf '#!/bin/sh\necho started "$@"\n' >artifacts/bin/ReSTEM.Cli/release/restem
        chmod +x artifacts/bin/ReSTEM.Cli/release/restem
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("restem-test-").FullName;

    public LauncherTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "src"));
        Directory.CreateDirectory(Path.Combine(_folder, "sandbox"));
        File.Copy(Path.Combine(Restem.Root, "restem"), Path.Combine(_folder, "restem"));
        File.WriteAllText(Path.Combine(_folder, "global.json"), "{}");
        File.WriteAllText(Path.Combine(_folder, "Directory.Build.props"), "");
        Directory.CreateDirectory(Path.Combine(_folder, "sdk"));
        File.WriteAllText(Path.Combine(_folder, "sdk", "dotnet"), Sdk);
        File.SetUnixFileMode(Path.Combine(_folder, "sdk", "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Launcher => Path.Combine(_folder, "restem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_script_gets_one_line_once()
    {
        Assert.Equal((0, "started doctor\n", "building ReSTEM (once; later starts take no time) ...\n"), Run(Launcher, "doctor"));
        Assert.Equal((0, "started doctor\n", ""), Run(Launcher, "doctor"));
    }

    [Fact]
    public void On_a_terminal_the_seconds_count_up()
    {
        string shown = Run("script", "-qec", "./restem doctor", "/dev/null").Output;
        Assert.Matches(@"building ReSTEM \(once; later starts take no time\) \.\.\. 0 s .*\.\.\. 1 s ", shown.Replace("\r", "", StringComparison.Ordinal));
        Assert.Contains("started doctor", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "artifacts"), "in the way");
        var (exitCode, _, errors) = Run(Launcher, "doctor");
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"error: {_folder}/artifacts cannot be written by ", errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
    }

    private (int ExitCode, string Output, string Errors) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder}/sdk:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
