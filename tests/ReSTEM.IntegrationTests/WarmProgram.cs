using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>
/// A process of the program that runs one command line after the other, each in its folder, with its variables and from its main method to
/// its exit code: it starts and compiles itself once, and not for every test. Command lines that run at a time have a process each, and so have
/// those with other variables that .NET reads when it starts.
/// </summary>
internal sealed class WarmProgram
{
    private static readonly string[] OfRuntime = ["DOTNET_", "SSL_"];

    /// <summary>By the variables that they were started with.</summary>
    private static readonly ConcurrentDictionary<string, ConcurrentBag<WarmProgram>> Idle = [];

    private static int _count;

    private readonly Process _process;

    private WarmProgram(string path, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(path)
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true, // it ends with it
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[StartupHook.Variable] = typeof(StartupHook).Assembly.Location;
        _process = Process.Start(start)!;
    }

    /// <summary>Runs to the end.</summary>
    /// <param name="path">The program, the same each time.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="environment">Variables that it has in addition.</param>
    /// <param name="arguments">What follows its name.</param>
    internal static (int ExitCode, string Output, string Errors) Run(string path, string folder, (string Name, string Value)[] environment, string[] arguments)
    {
        (string Name, string Value)[] ofRuntime = [.. environment.Where(pair => OfRuntime.Any(prefix => pair.Name.StartsWith(prefix, StringComparison.Ordinal)))];
        var alike = Idle.GetOrAdd(string.Join('\n', ofRuntime.Select(pair => $"{pair.Name}={pair.Value}")), _ => []);
        WarmProgram program = alike.TryTake(out WarmProgram? idle) ? idle : new WarmProgram(path, ofRuntime);
        var result = program.Run(new StartupHook.Command($"\0end of command {Interlocked.Increment(ref _count)}: ", folder, environment.ToDictionary(pair => pair.Name, pair => pair.Value), arguments));
        if (result.ExitCode is { } exitCode)
        {
            alike.Add(program);
            return (exitCode, result.Output, result.Errors);
        }

        program._process.WaitForExit(); // a fault that ends a process ended this one
        return (program._process.ExitCode, result.Output, result.Errors);
    }

    private (int? ExitCode, string Output, string Errors) Run(StartupHook.Command command)
    {
        _process.StandardInput.Write(JsonSerializer.Serialize(command) + "\n");
        _process.StandardInput.Flush();
        var errors = Task.Run(() => ReadTo(command.Mark, _process.StandardError));
        var (exitCode, output) = ReadTo(command.Mark, _process.StandardOutput);
        return (exitCode, output, errors.Result.Text);
    }

    /// <returns>What stands before the mark, and the exit code after it; null where the stream ends without.</returns>
    private static (int? ExitCode, string Text) ReadTo(string mark, StreamReader stream)
    {
        var text = new StringBuilder();
        char[] buffer = new char[4096];
        while (stream.Read(buffer) is var count and > 0)
        {
            text.Append(buffer, 0, count);
            int tail = Math.Max(0, text.Length - mark.Length - "-2147483648\n".Length);
            string end = text[^1] == '\n' ? text.ToString(tail, text.Length - tail) : "";
            if (end.IndexOf(mark, StringComparison.Ordinal) is var place and >= 0)
            {
                return (int.Parse(end.AsSpan(place + mark.Length), System.Globalization.CultureInfo.InvariantCulture), text.ToString(0, tail + place));
            }
        }

        return (null, text.ToString());
    }
}
