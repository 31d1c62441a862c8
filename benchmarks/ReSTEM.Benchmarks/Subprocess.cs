using System.Diagnostics;
using System.Globalization;

namespace ReSTEM.Benchmarks;

/// <summary>What a process left.</summary>
/// <param name="Output">Its standard output.</param>
/// <param name="PeakMebibytes">The largest resident set that was seen, 20 ms before its end or later.</param>
internal sealed record SubprocessResult(string Output, double PeakMebibytes)
{
    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Measurements in a process each, so that none of them finds the memory or the compiled code of another.</summary>
internal static class Subprocess
{
    private const string Peak = "VmHWM:";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>This program once more, with other arguments.</summary>
    internal static SubprocessResult Self(params string[] arguments)
    {
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        return Run(Environment.ProcessPath!, [.. program, .. arguments]);
    }

    /// <summary>Any program, to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal static SubprocessResult Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        double peak = 0;
        do
        {
            peak = Math.Max(peak, PeakMebibytes(process.Id.ToString(CultureInfo.InvariantCulture)));
        }
        while (!process.WaitForExit(Interval));

        return process.ExitCode == 0
            ? new SubprocessResult(output.Result, peak)
            : throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}.");
    }

    /// <summary>The largest resident set that a process had until now; 0 where it has ended.</summary>
    /// <param name="id">Of the process, or <c>self</c>.</param>
    internal static double PeakMebibytes(string id = "self")
    {
        try
        {
            string? line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(static line => line.StartsWith(Peak, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line[Peak.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
