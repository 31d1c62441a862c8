using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Draws and samples in the ledger.</summary>
internal sealed class SampleStore(LedgerDatabase database, IdentityStore identity) : ISampleStore
{
    private const string CountColumns =
        "COUNT(*), COALESCE(SUM(verdict = $2), 0), COALESCE(SUM(verdict = $3), 0), COALESCE(MAX(sample) + 1, 0)";

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

    public void Write(DrawId draw, IReadOnlyList<Sample> samples, PhaseBooking? booking = null) => database.Write(connection =>
    {
        SampleRow.Write(connection, draw, samples);
        CostRow.Add(connection, booking);
    });

    public IReadOnlyList<Sample> Read(DrawId draw, string problemId) => database.Rows(
        $"SELECT {SampleRow.Columns} FROM samples WHERE iteration = $0 AND draw = $1 AND problem = $2 ORDER BY sample",
        row => SampleRow.Read(row, 0), draw.Iteration, draw.Name, problemId);

    public IReadOnlyList<int> Indices(DrawId draw, string problemId) => database.Rows(
        "SELECT sample FROM samples WHERE iteration = $0 AND draw = $1 AND problem = $2 ORDER BY sample",
        row => row.GetInt32(0), draw.Iteration, draw.Name, problemId);

    public IReadOnlyList<Sample> Failed(DrawId draw) => database.Rows(
        $"SELECT {SampleRow.Columns} FROM samples WHERE iteration = $0 AND draw = $1 AND verdict = $2 ORDER BY problem, sample",
        row => SampleRow.Read(row, 0), draw.Iteration, draw.Name, nameof(Verdict.VerifierFailed));

    public SampleCounts Count(DrawId draw) => Count("", draw);

    public SampleCounts Count(DrawId draw, string problemId) => Count(" AND problem = $4", draw, problemId);

    private SampleCounts Count(string condition, DrawId draw, params object?[] more) => database.Rows(
        $"SELECT {CountColumns} FROM samples WHERE iteration = $0 AND draw = $1{condition}",
        row => new SampleCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3)),
        [draw.Iteration, draw.Name, nameof(Verdict.VerifierFailed), nameof(Verdict.Correct), .. more])[0];
}
