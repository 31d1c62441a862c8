using Microsoft.Data.Sqlite;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Draws and samples in the ledger.</summary>
internal sealed class SampleStore(LedgerDatabase database, IdentityStore identity, DrawArchive archive) : ISampleStore
{
    private const string OfDraw = "FROM samples WHERE iteration = $0 AND draw = $1";
    private const string OfProblem = " AND problem = $2";
    private const string IsFailed = $" AND verdict = '{nameof(Verdict.VerifierFailed)}'"; // literal: an index has these rows alone
    private const string IsCorrect = $" AND verdict = '{nameof(Verdict.Correct)}'";

    /// <summary>Counts of a draw, of indexes alone.</summary>
    internal const string CountSql =
        $"SELECT COUNT(*), (SELECT COUNT(*) {OfDraw}{IsFailed}), (SELECT COUNT(*) {OfDraw}{IsCorrect}), COALESCE(MAX(sample) + 1, 0) {OfDraw}";

    /// <summary>The same of one problem.</summary>
    internal const string CountOfProblemSql =
        $"SELECT COUNT(*), (SELECT COUNT(*) {OfDraw}{OfProblem}{IsFailed}), (SELECT COUNT(*) {OfDraw}{OfProblem}{IsCorrect}), COALESCE(MAX(sample) + 1, 0) {OfDraw}{OfProblem}";

    /// <summary>Samples of a draw on which the verifier failed; reads those alone.</summary>
    internal const string FailedSql = $"SELECT {SampleRow.Columns} {OfDraw}{IsFailed} ORDER BY problem, sample";

    public void Begin(DrawId draw, PolicyFingerprint policy)
    {
        PolicyFingerprint now = DrawRow.AsStored(policy);
        EngineFingerprint engine = now.Engine;
        var before = database.Rows(
            $"SELECT {DrawRow.Columns} FROM draws WHERE iteration = $0 AND draw = $1", row => DrawRow.Read(row, 0), draw.Iteration, draw.Name).SingleOrDefault();
        if (before is not null && before != now && !(before.WeightsSha256 == now.WeightsSha256 && identity.Changes().Count > 0))
        {
            throw new InvalidDataException(
                $"{database.FilePath}: {draw.Name} of iteration {draw.Iteration} was begun with the weights {before.WeightsSha256} on {before.Engine.Describe()}, " +
                $"expected the same policy, got {now.WeightsSha256} on {now.Engine.Describe()}. Use the same version and weights, or start a new run.");
        }

        database.Write(
            "INSERT OR IGNORE INTO draws (iteration, draw, weights_sha256, engine, version, dtype, deterministic) VALUES ($0, $1, $2, $3, $4, $5, $6)",
            draw.Iteration, draw.Name, now.WeightsSha256, engine.Name, engine.Version, engine.Dtype, engine.Deterministic);
    }

    public void Write(DrawId draw, IReadOnlyList<Sample> samples, PhaseBooking? booking = null)
    {
        if (samples.Count > 0 && archive.Find(draw) is { } archived)
        {
            throw new InvalidDataException(
                $"{database.FilePath}: {draw.Name} of iteration {draw.Iteration} is archived in {archived.Path}, expected no more samples of it. Put it back: restem archive RUN --restore.");
        }

        database.Write(connection =>
        {
            SampleRow.Write(connection, draw, samples);
            CostRow.Add(connection, booking);
        });
    }

    public IReadOnlyList<Sample> Read(DrawId draw, string problemId) => OfOpened(
        draw, $"SELECT {SampleRow.Columns} FROM samples WHERE iteration = $0 AND draw = $1 AND problem = $2 ORDER BY sample", row => SampleRow.Read(row, 0), problemId);

    public IReadOnlyList<int> Indices(DrawId draw, string problemId) => OfOpened(
        draw, "SELECT sample FROM samples WHERE iteration = $0 AND draw = $1 AND problem = $2 ORDER BY sample", row => row.GetInt32(0), problemId);

    public IReadOnlyList<Sample> Failed(DrawId draw) => database.Rows(FailedSql, row => SampleRow.Read(row, 0), draw.Iteration, draw.Name);

    public SampleCounts Count(DrawId draw) => archive.Find(draw)?.Counts ?? database.Reading(connection => Counted(connection, draw));

    public SampleCounts Count(DrawId draw, string problemId) => OfOpened(draw, CountOfProblemSql, Counts, problemId)[0];

    /// <summary>Counts of a draw whose samples are in the ledger.</summary>
    internal static SampleCounts Counted(SqliteConnection connection, DrawId draw) => connection.Command(CountSql, draw.Iteration, draw.Name).Rows(Counts)[0];

    private List<T> OfOpened<T>(DrawId draw, string sql, Func<SqliteDataReader, T> read, string problemId)
    {
        archive.Open(draw);
        return database.Rows(sql, read, draw.Iteration, draw.Name, problemId);
    }

    private static SampleCounts Counts(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3));
}
