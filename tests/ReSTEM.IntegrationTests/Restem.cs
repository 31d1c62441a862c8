using System.Diagnostics;

namespace ReSTEM.IntegrationTests;

/// <summary>The program in a folder of its own: what it is told on the command line, what it writes, and its exit code.</summary>
internal sealed class Restem : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("restem-test-").FullName;

    internal static string Root { get; } = FindRoot();

    /// <summary>The program itself.</summary>
    internal static string Program => Path.Combine(Root, "artifacts", "bin", "ReSTEM.Cli", "release", "restem");

    internal string Folder => _folder;

    internal string PathOf(params string[] parts) => Path.Combine([_folder, .. parts]);

    /// <summary>Runs to the end, in a process that has run others before.</summary>
    internal (int ExitCode, string Output, string Errors) Run(params string[] arguments) => Run([], arguments);

    /// <summary>The same with extra environment variables.</summary>
    internal (int ExitCode, string Output, string Errors) Run((string Name, string Value)[] environment, params string[] arguments) =>
        WarmProgram.Run(Program, _folder, environment, arguments);

    /// <summary>Runs to the end, in a process of its own.</summary>
    internal (int ExitCode, string Output, string Errors) RunAlone((string Name, string Value)[] environment, params string[] arguments)
    {
        using Process process = Start(environment, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Runs until a line of standard error holds a text, waits, then ends the process without warning.</summary>
    internal void KillAfter(string line, TimeSpan delay, params string[] arguments) =>
        Assert.True(WasKilledAfter(line, delay, arguments), $"no line of standard error held '{line}'");

    /// <summary>
    /// Does so again and again, and each time goes on where it was. A machine may be so fast that the line of a later one is behind it
    /// already: then the run goes on to its end.
    /// </summary>
    internal void KillAfterEach((string Line, int Milliseconds)[] kills, params string[] arguments)
    {
        int killed = kills.TakeWhile(kill => WasKilledAfter(kill.Line, TimeSpan.FromMilliseconds(kill.Milliseconds), arguments)).Count();
        Assert.True(killed > 0, $"no line of standard error held '{kills[0].Line}'");
    }

    /// <returns>Whether there was such a line; without one it ran to the end.</returns>
    private bool WasKilledAfter(string line, TimeSpan delay, string[] arguments)
    {
        using Process process = Start([], arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        while (process.StandardError.ReadLine() is { } text)
        {
            if (text.Contains(line, StringComparison.Ordinal))
            {
                var rest = process.StandardError.ReadToEndAsync();
                Thread.Sleep(delay);
                process.Kill();
                process.WaitForExit();
                _ = rest.Result;
                _ = output.Result;
                return true;
            }
        }

        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"it ended with {process.ExitCode} before a line of standard error held '{line}'; output: {output.Result}");
        return false;
    }

    internal Process Start((string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ReSTEM.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No ReSTEM.sln above {AppContext.BaseDirectory}.");
    }
}
