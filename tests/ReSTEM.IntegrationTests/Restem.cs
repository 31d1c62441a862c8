using System.Diagnostics;

namespace ReSTEM.IntegrationTests;

/// <summary>The program, started as its users start it, in a folder of its own.</summary>
internal sealed class Restem : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("restem-test-").FullName;

    internal static string Root { get; } = FindRoot();

    /// <summary>The program itself.</summary>
    internal static string Program => Path.Combine(Root, "artifacts", "bin", "ReSTEM.Cli", "release", "restem");

    internal string Folder => _folder;

    internal string PathOf(params string[] parts) => Path.Combine([_folder, .. parts]);

    /// <summary>Runs to the end.</summary>
    internal (int ExitCode, string Output, string Errors) Run(params string[] arguments) => Run([], arguments);

    /// <summary>Runs to the end with extra environment variables.</summary>
    internal (int ExitCode, string Output, string Errors) Run((string Name, string Value)[] environment, params string[] arguments)
    {
        using Process process = Start(environment, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>Runs until a line of standard error satisfies the condition, waits, then ends the process without warning.</summary>
    internal void KillAfter(string line, TimeSpan delay, params string[] arguments)
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
                return;
            }
        }

        Assert.Fail($"no line of standard error held '{line}'; output: {output.Result}");
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
