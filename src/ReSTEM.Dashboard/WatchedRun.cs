using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Dashboard;

/// <summary>A run that is looked at again whenever its files change. Its ledger stays open only while somebody writes it.</summary>
internal sealed class WatchedRun : IDisposable
{
    private readonly RunGlance _begun;
    private RunLedger? _ledger;
    private DateTime _ledgerMade;
    private object? _seen;

    internal WatchedRun(string folder, string slug)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        _begun = new RunGlance { Folder = folder, Name = name, Slug = slug, Stage = RunStage.Faulty };
        Glance = _begun with { Stage = RunStage.Stopped, Phase = "being opened" };
    }

    internal string Folder => _begun.Folder;

    internal string Slug => _begun.Slug;

    /// <summary>As it was when it was looked at last.</summary>
    internal RunGlance Glance { get; private set; }

    /// <summary>Counts the changes that were seen.</summary>
    internal int Version { get; private set; }

    /// <summary>Looks, if something changed. What is wrong with the run is part of what is seen.</summary>
    /// <returns>Whether something changed.</returns>
    internal bool Look()
    {
        var database = new FileInfo(Path.Combine(Folder, RunLedger.FileName));
        var log = new FileInfo(database.FullName + "-wal");
        bool isHeld = database.Exists && RunFolder.IsHeld(Folder);
        var now = database.Exists
            ? (database.CreationTimeUtc, database.Length, database.LastWriteTimeUtc, log.Exists ? log.Length : 0, log.Exists ? log.LastWriteTimeUtc : default, isHeld)
            : default;
        if (_seen is { } seen && seen.Equals(now))
        {
            return false;
        }

        _seen = now;
        Version++;
        Glance = database.Exists ? Read(database.CreationTimeUtc, isHeld) : Gone();
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
