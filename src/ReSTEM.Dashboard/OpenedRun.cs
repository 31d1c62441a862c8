using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Dashboard;

/// <summary>A run that is open for its report, or why it cannot be.</summary>
/// <param name="Report">Of an open ledger; null where there is a fault.</param>
/// <param name="Fault">Why there is none, in one line; empty where there is one.</param>
public sealed record OpenedRun(ReportedRun? Report, string Fault) : IDisposable
{
    /// <summary>Closes the ledger.</summary>
    public void Dispose() => Report?.Ledger.Dispose();
}

/// <summary>Opens a run with its configuration and problems.</summary>
/// <param name="folder">The run folder.</param>
/// <param name="cancellationToken">Gives up.</param>
public delegate OpenedRun RunOpener(string folder, CancellationToken cancellationToken);

/// <summary>What a ledger, its configuration or a disk does that a page tells in one line, and that ends nothing.</summary>
internal static class TellableFault
{
    internal static bool Is(Exception fault) =>
        fault is InvalidDataException or IOException or UnauthorizedAccessException or InvalidOperationException or ConfigException;
}
