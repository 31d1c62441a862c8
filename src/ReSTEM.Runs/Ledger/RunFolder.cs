using System.Text.Encodings.Web;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A run on disk, held by one process at a time.</summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>The configuration with every default written out.</summary>
    public const string ResolvedConfigName = "config.resolved.yaml";

    /// <summary>What must stay the same for the run to go on, by name.</summary>
    public const string IdentityName = "identity.json";

    /// <summary>The report.</summary>
    public const string ReportName = "report.html";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly FileStream _lock;

    private RunFolder(string path, FileStream lockFile, RunLedger ledger) => (Path, _lock, Ledger) = (path, lockFile, ledger);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Its ledger.</summary>
    public RunLedger Ledger { get; }

    /// <summary>Where the report goes.</summary>
    public string ReportPath => System.IO.Path.Combine(Path, ReportName);

    /// <summary>Opens a run folder, making it if it is new.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="identity">Must be the one that the run was started with.</param>
    /// <param name="resolvedConfig">The configuration with every default, for people; written once.</param>
    /// <exception cref="InvalidOperationException">Another process holds the folder.</exception>
    /// <exception cref="InvalidDataException">
    /// The run was started with another identity, or by an earlier version, or its ledger is damaged.
    /// </exception>
    public static RunFolder Open(string path, RunIdentity identity, string resolvedConfig)
    {
        Directory.CreateDirectory(path);
        FileStream lockFile = Lock(path);
        try
        {
            string identityPath = System.IO.Path.Combine(path, IdentityName);
            if (File.Exists(identityPath))
            {
                RefuseOther(path, Read(identityPath), identity);
            }
            else
            {
                RefuseEarlierVersion(path);
                AtomicFile.WriteText(System.IO.Path.Combine(path, ResolvedConfigName), resolvedConfig);
                AtomicFile.WriteText(identityPath, JsonSerializer.Serialize(identity.Parts, Readable) + "\n");
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

    private static RunIdentity Read(string path)
    {
        try
        {
            return RunIdentity.Of(JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? []);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is damaged: {fault.Message.TrimEnd('.')}. Restore the file or start a new run.");
        }
    }

    private static void RefuseEarlierVersion(string path)
    {
        if (File.Exists(System.IO.Path.Combine(path, RunLedger.FileName)))
        {
            throw new InvalidDataException(
                $"{path} was begun by an earlier version of restem (it has {RunLedger.FileName} and no {IdentityName}), expected a run of this one: " +
                "some of its random numbers would differ. Finish it with that version, give the new run another name (--set name=...), or delete the folder.");
        }
    }

    private static void RefuseOther(string path, RunIdentity before, RunIdentity now)
    {
        var differences = now.Differences(before);
        if (differences.Count == 0)
        {
            return;
        }

        var changes = differences.Where(part => part.Before is not null).Select(part => $"  was: {part.Name}: {part.Before}")
            .Concat(differences.Where(part => part.Now is not null).Select(part => $"  now: {part.Name}: {part.Now}"));
        throw new InvalidDataException(
            $"{path} was started with another configuration, expected the same:\n{string.Join('\n', changes)}\n" +
            "Undo the change, give the new run another name (--set name=...), or delete the folder.");
    }
}
