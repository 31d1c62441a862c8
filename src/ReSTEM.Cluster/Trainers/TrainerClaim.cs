using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>
/// Remembers, in a file, which process of this machine trains: a run that was killed leaves its trainer behind, and the next start must end it
/// before it starts another.
/// </summary>
internal sealed class TrainerClaim(string path)
{
    /// <summary>Ends the process that an earlier start left behind, if it is still there.</summary>
    /// <param name="stopTime">What it has to commit in, before it is killed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal async Task EndLeftBehindAsync(TimeSpan stopTime, CancellationToken cancellationToken)
    {
        string name = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : "";
        if (ProcessName.IsThere(name))
        {
            ProcessSignal.Send(ProcessName.IdOf(name), ProcessSignal.Terminate);
        }

        for (TimeSpan waited = default; ProcessName.IsThere(name); waited += ProcessName.Pause)
        {
            if (waited >= stopTime)
            {
                ProcessSignal.Send(-ProcessName.IdOf(name), ProcessSignal.Kill); // with all that it started: it leads a session
            }

            await Task.Delay(ProcessName.Pause, cancellationToken);
        }
    }

    /// <summary>Writes down who trains now.</summary>
    internal void Write(int process) => AtomicFile.WriteText(path, ProcessName.Of(process));
}
