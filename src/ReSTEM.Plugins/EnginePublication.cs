using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Plugins;

/// <summary>Builds an engine with its libraries into a folder, with the .NET SDK.</summary>
internal static partial class EnginePublication
{
    /// <summary>Publishes; what the SDK says goes to a log file.</summary>
    /// <exception cref="EngineException">It failed; the message has the first error.</exception>
    internal static async Task RunAsync(Checkout checkout, EngineKind kind, string folder, string log, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            "publish", Path.Combine(checkout.Root, kind.Project), "-c", "Release", "-v", "quiet", "--nologo", "--disable-build-servers",
            $"-p:EngineDevice={kind.Device}", "-p:CreateHardLinksForPublishFilesIfPossible=true", "-o", folder,
        ])
        {
            WorkingDirectory = checkout.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A program that was started by a build tells its children which build tools to take.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using Process process = Start(start);
        var outputs = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            string said = string.Concat(await outputs);
            await File.WriteAllTextAsync(log, said, cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new EngineException($"{kind.Name} cannot be built: {FirstError(said)} (dotnet's whole output is in {log})");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The first error in what the SDK says, without its place and project.</summary>
    internal static string FirstError(string said)
    {
        string[] lines = [.. said.Split('\n').Where(line => line.Trim().Length > 0)];
        string line = lines.FirstOrDefault(line => ErrorMark().IsMatch(line)) ?? lines.LastOrDefault() ?? "dotnet publish said nothing.";
        return ProjectAtEnd().Replace(ErrorMark().Split(line, 2) is [_, var text] ? text : line, "").Trim();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception fault)
        {
            throw new EngineException($"dotnet cannot be started ({fault.Message}), expected the .NET 10 SDK on the PATH to build engines with.", fault);
        }
    }

    [GeneratedRegex(@"(?:^|\s|:)\s*error(?=\s+[A-Z]+[0-9]+\s*:|\s*:)\s*:?\s*", RegexOptions.IgnoreCase)]
    private static partial Regex ErrorMark();

    [GeneratedRegex(@"\s*\[[^\]]*proj(::[^\]]*)?\]\s*$")]
    private static partial Regex ProjectAtEnd();
}
