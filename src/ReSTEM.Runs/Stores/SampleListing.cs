using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Samples of a ledger in order, found by what they are. A part at a time is in memory.</summary>
public sealed class SampleListing
{
    private const int RowsPerPart = 1024;

    private readonly LedgerDatabase _database;
    private readonly DrawArchive _archive;

    internal SampleListing(LedgerDatabase database, DrawArchive archive) => (_database, _archive) = (database, archive);

    /// <summary>All draws, by iteration and name.</summary>
    public IReadOnlyList<DrawListing> Draws() => _database.Rows(
        $"SELECT iteration, draw, {DrawRow.Columns}, (SELECT COUNT(*) FROM main.samples AS s WHERE s.iteration = draws.iteration AND s.draw = draws.draw) " +
        "+ COALESCE((SELECT rows FROM archives AS a WHERE a.iteration = draws.iteration AND a.draw = draws.draw), 0) " +
        "FROM draws ORDER BY iteration, draw",
        row => new DrawListing(new DrawId(row.GetInt32(0), row.GetString(1)), DrawRow.Read(row, 2), row.GetInt64(7)));

    /// <summary>Whether a policy is what a draw was begun with.</summary>
    public static bool IsSame(DrawListing draw, PolicyFingerprint policy) => draw.Policy == DrawRow.AsStored(policy);

    /// <summary>Samples by draw, problem and index.</summary>
    public IEnumerable<ListedSample> Find(SampleFilter filter) => Draws()
        .Where(draw => filter.Iteration is not { } iteration || draw.Draw.Iteration == iteration)
        .Where(draw => filter.Set is not { } set || draw.Draw.Set == set)
        .SelectMany(draw => Of(draw.Draw, filter))
        .Where(found => filter.Text is not { } text || text.IsMatch(found.Sample.Completion.Text));

    /// <summary>All samples of a draw, by problem and index.</summary>
    public IEnumerable<ListedSample> Find(DrawId draw) => Of(draw, new SampleFilter());

    private IEnumerable<ListedSample> Of(DrawId draw, SampleFilter filter)
    {
        _archive.Open(draw);
        string last = "";
        int index = -1;
        List<Sample> part;
        do
        {
            part = _database.Rows(
                $"SELECT {SampleRow.Columns} FROM samples WHERE iteration = $0 AND draw = $1 AND (problem, sample) > ($2, $3) " +
                "AND ($4 IS NULL OR problem = $4) AND ($5 IS NULL OR verdict = $5) AND ($6 IS NULL OR reason = $6) ORDER BY problem, sample LIMIT $7",
                row => SampleRow.Read(row, 0),
                draw.Iteration, draw.Name, last, index, filter.Problem, filter.Verdict?.ToString(), filter.Reason, RowsPerPart);
            foreach (Sample sample in part)
            {
                (last, index) = (sample.Completion.ProblemId, sample.Completion.Index);
                yield return new ListedSample(new SampleRef(draw, last, index), sample);
            }
        }
        while (part.Count == RowsPerPart);
    }
}
