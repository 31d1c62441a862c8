using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The ledger of a run folder, in <c>run.db</c>. Safe for several threads; one process at a time (the folder's lock sees to it).</summary>
public sealed class RunLedger : IRunLedger, IDisposable
{
    /// <summary>Name of the database in the run folder.</summary>
    public const string FileName = "run.db";

    private readonly string _folder;
    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();

    private RunLedger(string folder, SqliteConnection connection) => (_folder, _connection) = (folder, connection);

    /// <summary>Opens the ledger of a run folder, making or migrating it.</summary>
    /// <param name="folder">The run folder; exists.</param>
    /// <exception cref="InvalidDataException">The file is not a ledger, is damaged, or is of a newer version.</exception>
    public static RunLedger Open(string folder)
    {
        string path = Path.Combine(folder, FileName);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Command("PRAGMA journal_mode = WAL").ExecuteNonQuery();
            connection.Command("PRAGMA synchronous = NORMAL").ExecuteNonQuery();
            LedgerSchema.Migrate(connection, path);
            return new RunLedger(folder, connection);
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw new InvalidDataException($"{path}: cannot be used as a run ledger: {fault.Message.TrimEnd('.')}. Restore the file or start a new run.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Sample> ReadSamples(DrawKey draw) => Rows(
        $"SELECT {SampleRow.Columns} FROM samples WHERE iteration = $0 AND draw = $1 ORDER BY problem, sample",
        row => SampleRow.Read(row, 0), draw.Iteration, draw.Name);

    /// <inheritdoc/>
    public void WriteSamples(DrawKey draw, IReadOnlyList<Sample> samples) => Write(() => SampleRow.Write(_connection, draw, samples));

    /// <inheritdoc/>
    public void WriteDraw(DrawKey draw, PolicyFingerprint policy)
    {
        var before = Rows(
            "SELECT weights_sha256, engine, version, deterministic FROM draws WHERE iteration = $0 AND draw = $1",
            row => new PolicyFingerprint(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3)),
            draw.Iteration, draw.Name).SingleOrDefault();
        if (before is not null && before != policy)
        {
            throw new InvalidDataException(
                $"{Path.Combine(_folder, FileName)}: {draw.Name} of iteration {draw.Iteration} was begun with {before}, expected the same policy, got {policy}. " +
                "Use the same version and weights, or start a new run.");
        }

        Write(
            "INSERT OR IGNORE INTO draws VALUES ($0, $1, $2, $3, $4, $5)", draw.Iteration, draw.Name, policy.WeightsSha256, policy.Engine,
            policy.Version, policy.Deterministic);
    }

    /// <inheritdoc/>
    public bool IsComplete(int iteration, string phase) =>
        Rows("SELECT 1 FROM phases WHERE iteration = $0 AND phase = $1", row => row.GetInt32(0), iteration, phase).Count > 0;

    /// <inheritdoc/>
    public void Complete(int iteration, string phase) =>
        Write("INSERT OR IGNORE INTO phases VALUES ($0, $1)", iteration, phase);

    /// <inheritdoc/>
    public void AddCost(int iteration, string phase, PhaseCost cost) => Write(
        "INSERT INTO costs VALUES ($0, $1, $2, $3) ON CONFLICT DO UPDATE SET seconds = seconds + $2, tokens = tokens + $3",
        iteration, phase, cost.Seconds, cost.Tokens);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, PhaseCost> ReadCosts(int iteration) => Rows(
        "SELECT phase, seconds, tokens FROM costs WHERE iteration = $0 ORDER BY phase",
        row => (Phase: row.GetString(0), Cost: new PhaseCost(row.GetDouble(1), row.GetInt64(2))), iteration)
        .ToDictionary(row => row.Phase, row => row.Cost);

    /// <inheritdoc/>
    public IReadOnlyList<KeptSample> ReadKept(int iteration) => Rows(
        $"SELECT kept.count, kept.weight, {string.Join(", ", SampleRow.Columns.Split(", ").Select(column => "samples." + column))} " +
        "FROM kept JOIN samples USING (iteration, problem, sample) WHERE kept.iteration = $0 AND samples.draw = $1 ORDER BY kept.position",
        row =>
        {
            Sample sample = SampleRow.Read(row, 2);
            return new KeptSample(
                sample.Completion.ProblemId, sample.Completion.Index, row.GetInt32(0), row.GetDouble(1), sample);
        },
        iteration, DrawKey.EStep(iteration).Name);

    /// <inheritdoc/>
    public void WriteKept(int iteration, IReadOnlyList<KeptSample> kept)
    {
        KeptFile.Write(Path.Combine(IterationFolder(iteration), KeptFile.Name), kept);
        Write(() =>
        {
            _connection.Command("DELETE FROM kept WHERE iteration = $0", iteration).ExecuteNonQuery();
            using var command = _connection.Command("INSERT INTO kept VALUES ($0, $1, $2, $3, $4, $5)", new object?[6]);
            for (int i = 0; i < kept.Count; i++)
            {
                command.Execute(iteration, i, kept[i].ProblemId, kept[i].Index, kept[i].Count, kept[i].Weight);
            }
        });
    }

    /// <inheritdoc/>
    public void WriteSteps(int iteration, IReadOnlyList<TrainingStep> steps) => Write(() =>
    {
        using var command = _connection.Command("INSERT OR REPLACE INTO steps VALUES ($0, $1, $2, $3, $4, $5, $6, $7)", new object?[8]);
        foreach (TrainingStep step in steps)
        {
            command.Execute(
                iteration, step.Step, step.StepCount, step.Epoch, step.Loss, step.GradientNorm, step.LearningRate, step.Tokens);
        }
    });

    /// <inheritdoc/>
    public int StepCount(int iteration) =>
        Rows("SELECT COUNT(*) FROM steps WHERE iteration = $0", row => row.GetInt32(0), iteration)[0];

    /// <summary>The optimizer steps of an iteration, in order.</summary>
    public IReadOnlyList<TrainingStep> ReadSteps(int iteration) => Rows(
        "SELECT step, step_count, epoch, loss, gradient_norm, learning_rate, tokens FROM steps WHERE iteration = $0 ORDER BY step",
        row => new TrainingStep(
            row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetInt32(6)),
        iteration);

    /// <inheritdoc/>
    public TrainingResult? ReadTraining(int iteration) => Rows(
        "SELECT steps, chosen_epoch, measures, tokens, final_loss, weights_sha256 FROM trainings WHERE iteration = $0",
        row => new TrainingResult(
            row.GetInt32(0), row.GetInt32(1), JsonSerializer.Deserialize<double[]>(row.GetString(2))!, row.GetInt64(3),
            row.GetDouble(4), row.GetString(5)),
        iteration).SingleOrDefault();

    /// <inheritdoc/>
    public void WriteTraining(int iteration, TrainingResult result) => Write(
        "INSERT OR REPLACE INTO trainings VALUES ($0, $1, $2, $3, $4, $5, $6)", iteration, result.Steps, result.ChosenEpoch,
        JsonSerializer.Serialize(result.Measures), result.Tokens, result.FinalLoss, result.WeightsSha256);

    /// <inheritdoc/>
    public void WriteMeasure(int iteration, string name, Estimate value) => Write(
        "INSERT OR REPLACE INTO measures VALUES ($0, $1, $2, $3, $4)", iteration, name, value.Value, value.Low, value.High);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Estimate> ReadMeasures(int iteration) => Rows(
        "SELECT name, value, low, high FROM measures WHERE iteration = $0 ORDER BY name",
        row => (Name: row.GetString(0), Value: new Estimate(row.GetDouble(1), row.GetDouble(2), row.GetDouble(3))), iteration)
        .ToDictionary(row => row.Name, row => row.Value);

    /// <inheritdoc/>
    public string PolicyFolder(int iteration) => Path.Combine(IterationFolder(iteration), "policy");

    /// <inheritdoc/>
    public string TrainerFolder(int iteration) => Path.Combine(IterationFolder(iteration), "trainer");

    /// <summary>
    /// SHA-256 over everything that the seed decides: samples, kept set, steps, measures, weights. Two runs of one
    /// configuration have the same digest, whatever the threads, batches and interruptions.
    /// </summary>
    public string ContentDigest()
    {
        lock (_lock)
        {
            return LedgerDigest.Of(_connection);
        }
    }

    /// <summary>Closes the database.</summary>
    public void Dispose() => _connection.Dispose();

    private string IterationFolder(int iteration) =>
        Directory.CreateDirectory(Path.Combine(_folder, "iterations", iteration.ToString("D3", System.Globalization.CultureInfo.InvariantCulture))).FullName;

    private List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params object?[] parameters)
    {
        lock (_lock)
        {
            try
            {
                return _connection.Command(sql, parameters).Rows(read);
            }
            catch (Exception fault) when (fault is SqliteException or InvalidCastException or FormatException or ArgumentException or JsonException)
            {
                throw new InvalidDataException(
                    $"{Path.Combine(_folder, FileName)} is damaged: {fault.Message.TrimEnd('.')}. Restore the file or start a new run.");
            }
        }
    }

    private void Write(string sql, params object?[] parameters) => Write(() =>
    {
        using var command = _connection.Command(sql, parameters);
        command.ExecuteNonQuery();
    });

    private void Write(Action work)
    {
        lock (_lock)
        {
            try
            {
                using var transaction = _connection.BeginTransaction();
                work();
                transaction.Commit();
            }
            catch (SqliteException fault)
            {
                throw new IOException(
                    $"{Path.Combine(_folder, FileName)} cannot be written: {fault.Message.TrimEnd('.')}. " +
                    "What was committed is kept; mend the cause (free some space?) and start the same command again.");
            }
        }
    }
}
