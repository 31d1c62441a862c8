using System.ComponentModel;
using System.Diagnostics;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>Runs a scheduler's own command to its end.</summary>
internal static class ToolRun
{
    /// <summary>What a command said, for a message.</summary>
    internal static string OneLine(string text) => text.Trim().ReplaceLineEndings(" | ");

    /// <exception cref="EngineException">It is not installed.</exception>
    internal static async Task<(int ExitCode, string Output, string Errors)> Async(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start) ?? throw new EngineException($"{program} did not start.");
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, output, await errors);
        }
        catch (Win32Exception fault)
        {
            throw new EngineException($"{program} does not start ({fault.Message}), expected the scheduler's commands on the PATH of the machine that runs restem.", fault);
        }
    }
}
