using System.ComponentModel;
using System.Diagnostics;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>The user's command that starts a server with other weights.</summary>
internal static class ForeignCommand
{
    private const int Shown = 200;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>Runs it, and waits until the server serves what it was to.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="endpoint">Where the server is.</param>
    /// <param name="model">What it is to call the policy.</param>
    /// <param name="policy">What it is to serve.</param>
    /// <param name="look">Asks what it serves; gives what is wrong with it, or null.</param>
    /// <param name="cancellationToken">Gives up, also where loading takes too long.</param>
    /// <exception cref="RemoteException">The command fails, or the server serves something else after it.</exception>
    internal static async Task ServeAsync(
        IReadOnlyList<string> command, Uri endpoint, string model, PolicyRef policy, Func<CancellationToken, Task<string?>> look, CancellationToken cancellationToken)
    {
        await RunAsync(command, endpoint, model, policy, cancellationToken);
        while (true)
        {
            string fault;
            try
            {
                if (await look(cancellationToken) is not { } wrong)
                {
                    return;
                }

                throw new RemoteException($"{wrong}, also after engine.load_command", isTransient: false);
            }
            catch (RemoteException starting) when (starting.IsTransient)
            {
                fault = starting.Message;
            }

            try
            {
                await Task.Delay(BetweenLooks, cancellationToken);
            }
            catch (OperationCanceledException cancelled)
            {
                throw new OperationCanceledException($"after engine.load_command: {fault}", cancelled, cancellationToken);
            }
        }
    }

    /// <summary>What a foreign server is to be given must be what was trained.</summary>
    /// <param name="hash">SHA-256 of the weights in a folder.</param>
    /// <param name="folder">Whose weights.</param>
    /// <param name="sha256">What they must be.</param>
    /// <exception cref="RemoteException">They are others.</exception>
    internal static void ThrowUnlessHashed(Func<string, string> hash, string folder, string sha256)
    {
        if (hash(folder) is var actual && actual != sha256)
        {
            throw new RemoteException($"the weights in {folder} are {actual}, expected {sha256}: they were altered", isTransient: false);
        }
    }

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="RemoteException">It does not start, or fails.</exception>
    private static async Task RunAsync(IReadOnlyList<string> command, Uri endpoint, string model, PolicyRef policy, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RESTEM_ENDPOINT"] = endpoint.AbsoluteUri;
        start.Environment["RESTEM_MODEL"] = model;
        start.Environment["RESTEM_FOLDER"] = Path.GetFullPath(policy.Folder);
        start.Environment["RESTEM_SHA256"] = policy.Sha256;
        using Process process = Start(start);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                string said = (await errors).ReplaceLineEndings(" ").Trim();
                throw new RemoteException(
                    $"engine.load_command ({command[0]}) ended with {process.ExitCode}, expected 0: {(said.Length > Shown ? "..." + said[^Shown..] : said)}", isTransient: false);
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new RemoteException($"engine.load_command ({start.FileName}) did not start", isTransient: false);
        }
        catch (Win32Exception fault)
        {
            throw new RemoteException($"engine.load_command ({start.FileName}) does not start: {fault.Message}", isTransient: false, cause: fault);
        }
    }
}
