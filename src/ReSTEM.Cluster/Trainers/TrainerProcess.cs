using System.ComponentModel;
using System.Diagnostics;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>Starts a trainer, reads its lines, and stops it when nobody wants it any more.</summary>
internal sealed class TrainerProcess(TrainerCommand command)
{
    private const int LinesShown = 5;
    private const int Shown = 400;

    /// <summary>Begins the line in which a trainer says what is wrong; programs that start others may write before and after it.</summary>
    private const string Marker = "error: ";

    /// <summary>Runs it to its end.</summary>
    /// <param name="argument">The last one.</param>
    /// <param name="onLine">Takes lines of standard output.</param>
    /// <param name="onError">Takes lines of standard error.</param>
    /// <param name="claim">Remembers the process; null for one that leaves nothing.</param>
    /// <param name="cancellationToken">Sends SIGTERM, waits, and throws.</param>
    /// <exception cref="EngineException">It does not start, or fails.</exception>
    internal async Task RunAsync(string argument, Action<string> onLine, Action<string> onError, TrainerClaim? claim, CancellationToken cancellationToken)
    {
        // In a session of its own: Ctrl-C in a terminal is for the run, which then asks its trainer to commit, once.
        var start = new ProcessStartInfo("setsid", [.. command.Command, argument]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (claim is not null)
        {
            await claim.EndLeftBehindAsync(TimeSpan.FromSeconds(command.StopSeconds), cancellationToken);
        }

        using Process process = Start(start);
        try
        {
            claim?.Write(process.Id);
            var last = new Queue<string>();
            string? reason = null;
            Task errors = PumpAsync(process.StandardError, line =>
            {
                onError(line);
                int at = line.IndexOf(Marker, StringComparison.Ordinal);
                reason = at >= 0 ? line[(at + Marker.Length)..] : reason;
                last.Enqueue(line.Trim());
                if (last.Count > LinesShown)
                {
                    last.Dequeue();
                }
            });
            using var stop = cancellationToken.Register(() => Signal(process));
            await PumpAsync(process.StandardOutput, onLine);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            await errors;
            if (process.ExitCode != 0)
            {
                string said = reason ?? string.Join(" | ", last.Where(line => line.Length > 0));
                throw new EngineException(
                    $"m_step.trainer ({string.Join(' ', command.Command)}) ended with {process.ExitCode}, expected 0: {(said.Length > Shown ? "..." + said[^Shown..] : said)}");
            }
        }
        finally
        {
            End(process);
        }

        async Task PumpAsync(StreamReader reader, Action<string> take)
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            {
                take(line);
            }
        }
    }

    /// <summary>Asks to commit and stop; who does not, is killed later.</summary>
    private void Signal(Process process)
    {
        if (!process.HasExited)
        {
            ProcessSignal.Send(process.Id, ProcessSignal.Terminate);
            _ = Task.Delay(TimeSpan.FromSeconds(command.StopSeconds)).ContinueWith(_ => End(process), TaskScheduler.Default);
        }
    }

    private static void End(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // it was disposed of: it has ended
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new EngineException($"m_step.trainer ({command.Command[0]}) did not start.");
        }
        catch (Win32Exception fault)
        {
            throw new EngineException($"m_step.trainer does not start: {fault.Message}", fault);
        }
    }
}
