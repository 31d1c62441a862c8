using System.Text.Encodings.Web;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A run on disk, held by one process at a time.</summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>The configuration with every default written out.</summary>
    public const string ResolvedConfigName = "config.resolved.yaml";

    /// <summary>First line of that file; earlier versions did not write it, and their paths begin elsewhere.</summary>
    public const string ResolvedConfigHeader = "# What was run, with every default. Relative paths begin at this file.\n";

    /// <summary>What must stay the same for the run to go on, by name.</summary>
    public const string IdentityName = "identity.json";

    /// <summary>The report.</summary>
    public const string ReportName = "report.html";

    /// <summary>Held by the process that writes the run.</summary>
    internal const string LockName = ".lock";

    private const int FirstVersionWithIdentity = 4;
    private const int WouldBlock = 11; // EWOULDBLOCK: somebody holds the lock
    private const int LockTries = 10; // who asks whether a run is held holds its lock for a moment
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

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
    /// <param name="resolvedConfig">The configuration with every default, for people.</param>
    /// <exception cref="InvalidOperationException">Another process holds the folder.</exception>
    /// <exception cref="InvalidDataException">
    /// The run was started with another identity, or by an earlier version, or its ledger is damaged.
    /// </exception>
    public static RunFolder Open(string path, RunIdentity identity, string resolvedConfig) => OpenWith(path, identity, resolvedConfig, allowEngine: null);

    /// <summary>The same, for a run that may go on with another engine.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="identity">Must be the one that the run was started with, but for its engine if that may differ.</param>
    /// <param name="resolvedConfig">The configuration with every default, for people.</param>
    /// <param name="allowEngine">Whether the engine may be another one; the change is written into the ledger.</param>
    /// <exception cref="InvalidOperationException">As above.</exception>
    /// <exception cref="InvalidDataException">As above.</exception>
    public static RunFolder Open(string path, RunIdentity identity, string resolvedConfig, bool allowEngine) =>
        OpenWith(path, identity, resolvedConfig, allowEngine);

    /// <summary>Keeps other processes out of a run folder that is looked at, until it is disposed of.</summary>
    /// <exception cref="InvalidOperationException">Another process holds the folder.</exception>
    public static IDisposable Hold(string path) => Lock(path);

    /// <summary>Whether a process writes the run now. Asking keeps nobody out.</summary>
    /// <param name="path">The run folder.</param>
    public static bool IsHeld(string path)
    {
        try
        {
            using var shared = new FileStream(System.IO.Path.Combine(path, LockName), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException fault)
        {
            return fault.HResult == WouldBlock; // else there is no lock, so nobody holds it
        }
        catch (UnauthorizedAccessException)
        {
            return false; // another user's run, of which this cannot be known
        }
    }

    /// <summary>Changes how the samples of a run are stored, and nothing of the run. One that has ended has its sums afterwards too.</summary>
    /// <param name="path">The run folder, with a ledger.</param>
    /// <param name="work">Gets the ledger, and whether the run has ended.</param>
    /// <exception cref="InvalidOperationException">Another process holds the folder.</exception>
    /// <exception cref="InvalidDataException">The ledger, or a file of a run that has ended, is not as it was written.</exception>
    public static void Rearrange(string path, Action<RunLedger, bool> work)
    {
        using FileStream held = Lock(path);
        bool hasEnded = RunSums.Exist(path);
        if (hasEnded && RunSums.Faults(path) is { Count: > 0 } faults)
        {
            throw new InvalidDataException(string.Join('\n', faults)); // new sums would hide it
        }

        using RunLedger ledger = RunLedger.Open(path);
        RunSums.Forget(path);
        try
        {
            work(ledger, hasEnded);
        }
        finally
        {
            if (hasEnded)
            {
                var known = ledger.FileHashes();
                ledger.Settle();
                ledger.Dispose();
                RunSums.Write(path, known);
            }
        }
    }

    /// <summary>Closes the ledger, of which nothing more is asked, and writes down what every file of the folder is.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Seal()
    {
        var known = Ledger.FileHashes();
        Ledger.Settle();
        Ledger.Dispose();
        RunSums.Write(Path, known);
    }

    /// <summary>Closes the ledger and lets other processes in.</summary>
    public void Dispose()
    {
        Ledger.Dispose();
        _lock.Dispose();
    }

    /// <summary>Whether the engine may be another one is null for work that cannot be told so.</summary>
    private static RunFolder OpenWith(string path, RunIdentity identity, string resolvedConfig, bool? allowEngine)
    {
        NewFolder.Create(path);
        FileStream lockFile = Lock(path);
        RunLedger? ledger = null;
        try
        {
            RefuseLostLedger(path);
            RunSums.Forget(path);
            ledger = RunLedger.Open(path);
            AdoptIdentity(path, identity, ledger, allowEngine);
            Publish(System.IO.Path.Combine(path, ResolvedConfigName), resolvedConfig);
            Publish(System.IO.Path.Combine(path, IdentityName), JsonSerializer.Serialize(ledger.Identity.Parts().ToDictionary(), Readable) + "\n");
            return new RunFolder(path, lockFile, ledger);
        }
        catch
        {
            ledger?.Dispose();
            lockFile.Dispose();
            throw;
        }
    }

    private static FileStream Lock(string path)
    {
        for (int tried = 1; ; tried++)
        {
            if (TryLock(path, isLast: tried == LockTries) is { } held)
            {
                return held;
            }

            Thread.Sleep(LockPause);
        }
    }

    /// <summary>Null where another process holds it and this is not the last try.</summary>
    private static FileStream? TryLock(string path, bool isLast)
    {
        string file = System.IO.Path.Combine(path, LockName);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (fault.HResult == WouldBlock && !isLast)
        {
            return null;
        }
        catch (IOException fault) when (fault.HResult == WouldBlock)
        {
            throw new InvalidOperationException(
                $"{path} is in use by another restem process, expected none. Wait for it or stop it (Ctrl-C); a run goes on where it stopped.");
        }
        catch (IOException fault)
        {
            throw new IOException($"{file} cannot be written: {fault.Message.TrimEnd('.')}. Look at the disk and its free space, then start the same command again.");
        }
    }

    /// <summary>What an iteration left says that there was a ledger: without it the run would begin again unasked.</summary>
    private static void RefuseLostLedger(string path)
    {
        string file = System.IO.Path.Combine(path, RunLedger.FileName);
        string iterations = System.IO.Path.Combine(path, "iterations");
        bool isLost = !File.Exists(file) || new FileInfo(file).Length == 0;
        if (isLost && Directory.Exists(iterations) && Directory.EnumerateFileSystemEntries(iterations).Any())
        {
            throw new InvalidDataException(
                $"{file} is {(File.Exists(file) ? "empty" : "missing")} beside the iterations of a run, expected its ledger. " +
                "Restore it, give the new run another name (--set name=...), or delete the folder to start over.");
        }
    }

    /// <summary>The identity in the ledger is the one that counts; a run that was begun before ledgers had it brings it in its file.</summary>
    private static void AdoptIdentity(string path, RunIdentity identity, RunLedger ledger, bool? allowEngine)
    {
        string file = System.IO.Path.Combine(path, IdentityName);
        bool hasFile = ledger.VersionBefore is > 0 and < FirstVersionWithIdentity && File.Exists(file);
        RunIdentity? before = ledger.Identity.Read() ?? (hasFile ? Read(file) : null);
        if (before is not null && allowEngine is true && IsEngineOnly(identity.Differences(before)))
        {
            ChangeEngine(path, before, identity, ledger);
        }
        else if (before is not null)
        {
            RefuseOther(path, before, identity, canAllow: allowEngine is not null);
        }
        else if (ledger.VersionBefore is > 0 and < FirstVersionWithIdentity)
        {
            throw new InvalidDataException(
                $"{path} was begun by an earlier version of restem (it has {RunLedger.FileName} and no {IdentityName}), expected a run of this one: " +
                "some of its random numbers would differ. Finish it with that version, give the new run another name (--set name=...), or delete the folder.");
        }

        if (ledger.Identity.Read() is null)
        {
            ledger.Identity.Write(identity);
        }
    }

    /// <summary>Writes a file for people, unless it says so already.</summary>
    private static void Publish(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            AtomicFile.WriteText(path, text);
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

    private static bool IsEngineOnly(IReadOnlyList<(string Name, string? Before, string? Now)> differences) =>
        differences.Count > 0 && differences.All(part => RunIdentity.IsOfEngine(part.Name));

    /// <summary>Files of trainings that are not complete go first: should the ledger not be reached, they are trained again by the former engine.</summary>
    private static void ChangeEngine(string path, RunIdentity before, RunIdentity now, RunLedger ledger)
    {
        if (Directory.Exists(System.IO.Path.Combine(path, "iterations")))
        {
            foreach (string folder in Directory.EnumerateDirectories(System.IO.Path.Combine(path, "iterations")))
            {
                if (int.TryParse(System.IO.Path.GetFileName(folder), out int iteration) && !ledger.Phases.IsComplete(iteration, MStep.Phase))
                {
                    NewFolder.Delete(ledger.Paths.Trainer(iteration));
                    NewFolder.Delete(ledger.Paths.Policy(iteration));
                    NewFolder.Delete(ledger.Paths.Reference(iteration));
                }
            }
        }

        ledger.Identity.ChangeEngine(
            [.. now.Parts.Where(part => RunIdentity.IsOfEngine(part.Key))],
            $"{before.Parts.GetValueOrDefault("engine")} -> {now.Parts.GetValueOrDefault("engine")}");
    }

    private static void RefuseOther(string path, RunIdentity before, RunIdentity now, bool canAllow)
    {
        var differences = now.Differences(before);
        if (differences.Count == 0)
        {
            return;
        }

        if (IsEngineOnly(differences))
        {
            throw new InvalidDataException(
                $"{path} was computed by {before.Parts.GetValueOrDefault("engine")}, expected the same to go on, not {now.Parts.GetValueOrDefault("engine")}: its numbers are others' in the last bits. " +
                (canAllow ? $"Take the former engine, or allow the change by name: --allow-engine {now.Parts.GetValueOrDefault("engine.name")} goes on with it, and writes that down."
                    : "Take the former engine, give the new work another name, or delete the folder."));
        }

        var changes = differences.Where(part => part.Before is not null).Select(part => $"  was: {part.Name}: {part.Before}")
            .Concat(differences.Where(part => part.Now is not null).Select(part => $"  now: {part.Name}: {part.Now}"));
        throw new InvalidDataException(
            $"{path} was started with another configuration, expected the same:\n{string.Join('\n', changes)}\n" +
            "Undo the change, give the new run another name (--set name=...), or delete the folder.");
    }
}
