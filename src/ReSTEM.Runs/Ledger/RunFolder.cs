using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A run on disk, held by one process at a time.</summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>The configuration with every default written out.</summary>
    public const string ResolvedConfigName = "config.resolved.yaml";

    /// <summary>The report.</summary>
    public const string ReportName = "report.html";

    private readonly FileStream _lock;

    private RunFolder(string path, FileStream lockFile, RunLedger ledger) => (Path, _lock, Ledger) = (path, lockFile, ledger);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Its ledger.</summary>
    public RunLedger Ledger { get; }

    /// <summary>Where the report goes.</summary>
    public string ReportPath => System.IO.Path.Combine(Path, ReportName);

    /// <summary>Opens a run folder for a configuration, making it if it is new.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="resolvedConfig">The whole configuration as text; must be the one that the run was started with.</param>
    /// <exception cref="InvalidOperationException">Another process holds the folder.</exception>
    /// <exception cref="InvalidDataException">The run was started with another configuration, or its ledger is damaged.</exception>
    public static RunFolder Open(string path, string resolvedConfig)
    {
        Directory.CreateDirectory(path);
        FileStream lockFile = Lock(path);
        try
        {
            string configPath = System.IO.Path.Combine(path, ResolvedConfigName);
            if (File.Exists(configPath))
            {
                RefuseOtherConfig(path, File.ReadAllText(configPath), resolvedConfig);
            }
            else
            {
                AtomicFile.WriteText(configPath, resolvedConfig);
            }

            return new RunFolder(path, lockFile, RunLedger.Open(path));
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>Closes the ledger and lets other processes in.</summary>
    public void Dispose()
    {
        Ledger.Dispose();
        _lock.Dispose();
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (fault is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new InvalidOperationException(
                $"{path} is in use by another restem process, expected none. Wait for it or stop it (Ctrl-C); a run goes on where it stopped.");
        }
    }

    private static void RefuseOtherConfig(string path, string before, string now)
    {
        string[] old = before.Split('\n');
        string[] current = now.Split('\n');
        if (old.SequenceEqual(current))
        {
            return;
        }

        var changes = old.Except(current).Select(line => $"  was: {line.Trim()}")
            .Concat(current.Except(old).Select(line => $"  now: {line.Trim()}"));
        throw new InvalidDataException(
            $"{path} was started with another configuration, expected the same:\n{string.Join('\n', changes)}\n" +
            "Undo the change, give the new run another name (--set name=...), or delete the folder.");
    }
}
