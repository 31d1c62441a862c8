using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The ledger of a run folder, in <c>run.db</c>. Safe for several threads; one process at a time (the folder's lock sees to it).</summary>
public sealed class RunLedger : IRunLedger, IDisposable
{
    /// <summary>Name of the database in the run folder.</summary>
    public const string FileName = "run.db";

    private readonly LedgerDatabase _database;

    private RunLedger(RunPaths paths, LedgerDatabase database)
    {
        _database = database;
        Paths = paths;
        Samples = new SampleStore(database);
        Kept = new KeptStore(database, paths);
        Training = new TrainingStore(database, paths);
        Measures = new MeasureStore(database);
        Phases = new PhaseStore(database);
    }

    /// <inheritdoc/>
    public ISampleStore Samples { get; }

    /// <inheritdoc/>
    public IKeptStore Kept { get; }

    /// <inheritdoc/>
    public ITrainingStore Training { get; }

    /// <inheritdoc/>
    public IMeasureStore Measures { get; }

    /// <inheritdoc/>
    public IPhaseStore Phases { get; }

    /// <inheritdoc/>
    public RunPaths Paths { get; }

    /// <summary>Opens the ledger of a run folder, making or migrating it.</summary>
    /// <param name="folder">The run folder; exists.</param>
    /// <exception cref="InvalidDataException">The file is not a ledger, is damaged, or is of a newer version.</exception>
    public static RunLedger Open(string folder) =>
        new(new RunPaths(folder), LedgerDatabase.Open(Path.Combine(folder, FileName)));

    /// <summary>
    /// SHA-256 over everything that the seed decides: draws, samples, kept set, steps, trainings, measures, phases. Two runs of one
    /// configuration have the same digest, whatever the threads, batches and interruptions.
    /// </summary>
    public string ContentDigest() => _database.Reading(LedgerDigest.Of);

    /// <summary>Closes the database.</summary>
    public void Dispose() => _database.Dispose();
}
