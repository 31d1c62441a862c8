using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The ledger of a run folder, in <c>run.db</c>. Safe for several threads; one process at a time (the folder's lock sees to it).</summary>
public sealed class RunLedger : IRunLedger, IDisposable
{
    /// <summary>Name of the database in the run folder.</summary>
    public const string FileName = "run.db";

    private readonly LedgerDatabase _database;
    private readonly FileStore _files;
    private readonly KeptStore _kept;

    private RunLedger(RunPaths paths, LedgerDatabase database)
    {
        _database = database;
        Paths = paths;
        Identity = new IdentityStore(database);
        Archive = new DrawArchive(database, paths.Folder);
        Samples = new SampleStore(database, Identity, Archive);
        _files = new FileStore(database, paths);
        _kept = new KeptStore(database, paths, _files, Archive);
        Training = new TrainingStore(database, paths);
        Measures = new MeasureStore(database);
        Phases = new PhaseStore(database);
    }

    /// <inheritdoc/>
    public ISampleStore Samples { get; }

    /// <inheritdoc/>
    public IKeptStore Kept => _kept;

    /// <inheritdoc/>
    public ITrainingStore Training { get; }

    /// <inheritdoc/>
    public IMeasureStore Measures { get; }

    /// <inheritdoc/>
    public IPhaseStore Phases { get; }

    /// <inheritdoc/>
    public IFileStore Files => _files;

    /// <inheritdoc/>
    public RunPaths Paths { get; }

    /// <summary>What computes the run; empty for a ledger without identity.</summary>
    public string Engine => Identity.Read()?.Parts.GetValueOrDefault("engine") ?? "";

    /// <summary>Every change of the engine that was allowed by name, in order: from which to which.</summary>
    public IReadOnlyList<string> EngineChanges => Identity.Changes();

    /// <summary>Whether every sample was drawn by an engine that promises the same bits again.</summary>
    public bool IsDeterministic => _database.Rows("SELECT COUNT(*) FROM draws WHERE NOT deterministic", row => row.GetInt64(0))[0] == 0;

    /// <summary>What the run was begun as; null for a ledger without identity.</summary>
    public RunIdentity? Origin => Identity.Read();

    /// <summary>Samples by what they are, for people who look at them.</summary>
    public SampleListing Listing => new(_database, Archive);

    /// <summary>Draws whose samples are in compressed files beside the ledger.</summary>
    public DrawArchive Archive { get; }

    /// <summary>Whether this is a copy, of a ledger of an earlier version, that does not follow what happens to its file.</summary>
    public bool IsCopy => _database.VersionBefore > 0 && _database.VersionBefore < LedgerSchema.Current;

    /// <summary>The identity of the run.</summary>
    internal IdentityStore Identity { get; }

    /// <summary>Version of the ledger that the folder had; 0 for none.</summary>
    internal long VersionBefore => _database.VersionBefore;

    /// <summary>Opens the ledger of a run folder, making or migrating it.</summary>
    /// <param name="folder">The run folder; exists.</param>
    /// <exception cref="InvalidDataException">The file is not a ledger, is damaged, or is of a newer version.</exception>
    public static RunLedger Open(string folder) =>
        new(new RunPaths(folder), LedgerDatabase.Open(Path.Combine(folder, FileName)));

    /// <summary>
    /// Opens the ledger of a run to look at it, also while another process writes it. Nothing of it is changed: a ledger of an earlier
    /// version is brought to this one in memory.
    /// </summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="FileNotFoundException">There is no ledger.</exception>
    /// <exception cref="InvalidDataException">The file is not a ledger, is empty, damaged, or of a newer version.</exception>
    public static RunLedger OpenToRead(string folder) =>
        new(new RunPaths(folder), LedgerDatabase.OpenToRead(Path.Combine(folder, FileName)));

    /// <summary>Whether a folder has a ledger with anything in it; a run that is killed at its first step leaves none, or an empty file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or no ledger.</exception>
    public static bool HasBegun(string folder) => LedgerDatabase.HasBegun(Path.Combine(folder, FileName));

    /// <summary>A copy of the ledger in another folder, with all its samples, to try out what would change. Published files are not copied.</summary>
    /// <param name="folder">Exists and has no ledger.</param>
    public RunLedger CopyTo(string folder)
    {
        _database.CopyTo(Path.Combine(folder, FileName));
        RunLedger copy = Open(folder);
        var files = new DrawArchive(copy._database, Paths.Folder);
        foreach (ArchivedDraw archived in files.Draws())
        {
            files.PutBack(archived);
        }

        return copy;
    }

    /// <summary>SHA-256 of every published file that is recorded, by full path.</summary>
    internal IReadOnlyDictionary<string, string> FileHashes() => _files.Hashes();

    /// <summary>
    /// SHA-256 over everything that the seed decides: draws, samples, kept set, steps, trainings, measures, phases. Two runs of one
    /// configuration have the same digest, whatever the threads, batches and interruptions.
    /// </summary>
    public string ContentDigest()
    {
        Archive.OpenAll();
        return _database.Reading(LedgerDigest.Of);
    }

    /// <summary>Writes published files again that the ledger can give and that are missing or altered.</summary>
    /// <returns>Their paths.</returns>
    public IReadOnlyList<string> Mend()
    {
        int[] iterations = [.. _files.Altered(Path.GetFileName(Paths.Kept(1)))];
        Array.ForEach(iterations, _kept.Publish);
        return [.. iterations.Select(Paths.Kept)];
    }

    /// <summary>Refuses a ledger that is damaged anywhere; opening it looks at the structure, and of many samples at the latest.</summary>
    /// <exception cref="InvalidDataException">It is; the message says where.</exception>
    public void Audit()
    {
        _database.ThrowIfDamaged(all: true);
        Archive.OpenAll();
    }

    /// <summary>Brings all that is committed from the log into the ledger's file: then its bytes stay what they are, whoever closes it last.</summary>
    internal void Settle() => _database.Settle();

    /// <summary>Closes the database.</summary>
    public void Dispose() => _database.Dispose();
}
