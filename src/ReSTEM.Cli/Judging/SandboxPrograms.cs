using System.Diagnostics;
using ReSTEM.Sandbox;

namespace ReSTEM.Cli;

/// <summary>Gets the programs that the sandbox is made of, when problems need it and they are missing.</summary>
internal static class SandboxPrograms
{
    /// <summary>Set by the launcher: the script that installs them where that is permitted, and else says what to install.</summary>
    internal const string InstallerVariable = "RESTEM_SANDBOX_INSTALLER";

    /// <summary>
    /// Runs the installer if a program is missing and the launcher named one. What is missing afterwards, the sandbox itself refuses.
    /// </summary>
    internal static async Task EnsureAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(InstallerVariable) is not { Length: > 0 } installer || !options.ProgramIsMissing)
        {
            return;
        }

        await Console.Error.WriteLineAsync("Some problems are programs, and the sandbox that judges them is not installed yet; installing it ...");
        using var process = Process.Start(new ProcessStartInfo(installer) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{installer} did not start.");
        string said = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await Console.Error.WriteAsync(said);
    }
}
