using System.Runtime.Versioning;
using ReSTEM.Cli;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>When the launcher's installer runs.</summary>
[SupportedOSPlatform("linux")]
public sealed class SandboxProgramsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("restem-test-").FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(SandboxPrograms.InstallerVariable, null);
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("/nowhere/bwrap", "/nowhere/python3", true)]
    [InlineData("/nowhere/bwrap", "/bin/sh", true)]
    [InlineData("/bin/sh", "/bin/sh", false)]
    public async Task It_runs_when_a_program_is_missing_and_not_else(string bubblewrap, string python, bool runs)
    {
        string installer = Path.Combine(_folder, "install");
        string mark = Path.Combine(_folder, "mark");
        await File.WriteAllTextAsync(installer, $"#!/bin/sh\ntouch {mark}\n");
        File.SetUnixFileMode(installer, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var options = new SandboxOptions { BubblewrapPath = bubblewrap, PythonPath = python };

        await SandboxPrograms.EnsureAsync(options, CancellationToken.None);
        Assert.False(File.Exists(mark), "no launcher named an installer");
        Environment.SetEnvironmentVariable(SandboxPrograms.InstallerVariable, installer);
        await SandboxPrograms.EnsureAsync(options, CancellationToken.None);
        Assert.Equal(runs, File.Exists(mark));
    }
}
