using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Dashboard;

/// <summary>What was seen of a run: one value, so that nobody takes the number of a look for what an earlier one saw.</summary>
/// <param name="Glance">As it was.</param>
/// <param name="Version">Counts the changes that were seen.</param>
internal sealed record Sighting(RunGlance Glance, int Version);

/// <summary>A run that is looked at again whenever its files change. Its ledger stays open only while somebody writes it.</summary>
internal sealed class WatchedRun : IDisposable
{
    private readonly RunGlance _begun;
    private volatile Sighting _last;
    private RunLedger? _ledger;
    private DateTime _ledgerMade;
    private object? _seen;
    private bool _isSettled;

    internal WatchedRun(string folder, string slug)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        _begun = new RunGlance { Folder = folder, Name = name, Slug = slug, Stage = RunStage.Faulty };
        _last = new Sighting(_begun with { Stage = RunStage.Stopped, Phase = "being opened" }, 0);
    }

    internal string Folder => _begun.Folder;

    internal string Slug => _begun.Slug;

    /// <summary>What was seen last; may be asked for while another thread looks.</summary>
    internal Sighting Last => _last;

    /// <summary>
    /// Looks, if something changed. What is wrong with the run is part of what is seen. A log is looked at once more when it stays as it
    /// is: SQLite writes a transaction before it lets others see it, and need not touch a file after that.
    /// </summary>
    /// <returns>Whether something may have changed.</returns>
    internal bool Look()
    {
        var database = new FileInfo(Path.Combine(Folder, RunLedger.FileName));
        var log = new FileInfo(database.FullName + "-wal");
        bool isHeld = database.Exists && RunFolder.IsHeld(Folder);
        var now = database.Exists
            ? (database.CreationTimeUtc, database.Length, database.LastWriteTimeUtc, log.Exists ? log.Length : 0, log.Exists ? log.LastWriteTimeUtc : default, isHeld)
            : default;
        bool isSame = _seen is { } seen && seen.Equals(now);
        if (isSame && _isSettled)
        {
            return false;
        }

        (_seen, _isSettled) = (now, isSame || !log.Exists);
        _last = new Sighting(database.Exists ? Read(database.CreationTimeUtc, isHeld) : Gone(), _last.Version + 1);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private RunGlance Gone()
    {
        Close();
        return _begun with { Fault = $"{Folder} has no {RunLedger.FileName} any more: the run was moved or deleted." };
    }

    private RunGlance Read(DateTime made, bool isHeld)
    {
        try
        {
            if (made != _ledgerMade)
            {
                Close(); // another file has its name now
            }

            _ledger ??= RunLedger.OpenToRead(Folder);
            _ledgerMade = made;
            return GlanceReader.Read(_begun, _ledger, isHeld);
        }
        catch (Exception fault) when (TellableFault.Is(fault))
        {
            Close();
            return _begun with { Fault = fault.Message };
        }
        finally
        {
            if (!isHeld || _ledger is { IsCopy: true })
            {
                Close();
            }
        }
    }

    private void Close()
    {
        _ledger?.Dispose();
        _ledger = null;
    }
}
