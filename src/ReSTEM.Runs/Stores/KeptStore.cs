using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Kept samples in the ledger, and as <c>kept.jsonl</c>.</summary>
internal sealed class KeptStore(LedgerDatabase database, RunPaths paths, IFileStore files, DrawArchive archive) : IKeptStore
{
    private const int RowsPerTransaction = 1024;

    private static readonly string Columns =
        "kept.count, kept.weight, " + string.Join(", ", SampleRow.Columns.Split(", ").Select(column => "samples." + column));

    private const string Joined = "kept JOIN samples USING (iteration, problem, sample) WHERE kept.iteration = $0 AND samples.draw = $1";

    public async Task WriteAsync(int iteration, IAsyncEnumerable<KeptSample> kept, CancellationToken cancellationToken)
    {
        database.Write("DELETE FROM kept WHERE iteration = $0", iteration);
        var batch = new List<KeptSample>();
        int written = 0;
        await foreach (KeptSample sample in kept.WithCancellation(cancellationToken))
        {
            batch.Add(sample);
            if (batch.Count == RowsPerTransaction)
            {
                written = Insert(iteration, written, batch);
            }
        }

        Insert(iteration, written, batch);
        Publish(iteration);
    }

    /// <summary>Writes <c>kept.jsonl</c> from the record.</summary>
    internal void Publish(int iteration)
    {
        string path = paths.Kept(iteration);
        NewFolder.Create(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, stream =>
        {
            foreach (KeptSample sample in Read(iteration))
            {
                stream.Write(Encoding.UTF8.GetBytes(KeptRow.Of(sample) + "\n"));
            }
        });
        files.Record(iteration, path);
    }

    public IEnumerable<KeptSample> Read(int iteration)
    {
        archive.Open(DrawId.EStep(iteration));
        List<KeptSample> part;
        int next = 0;
        do
        {
            part = database.Rows(
                $"SELECT {Columns} FROM {Joined} AND kept.position >= $2 ORDER BY kept.position LIMIT $3",
                Read, iteration, DrawId.EStep(iteration).Name, next, RowsPerTransaction);
            next += part.Count;
            foreach (KeptSample sample in part)
            {
                yield return sample;
            }
        }
        while (part.Count == RowsPerTransaction);
    }

    public IReadOnlyList<KeptSample> Read(int iteration, string problemId)
    {
        archive.Open(DrawId.EStep(iteration));
        return database.Rows(
            $"SELECT {Columns} FROM {Joined} AND kept.problem = $2 ORDER BY kept.position", Read, iteration, DrawId.EStep(iteration).Name, problemId);
    }

    private int Insert(int iteration, int position, List<KeptSample> batch)
    {
        database.Write(connection =>
        {
            using var command = connection.Command(
                "INSERT INTO kept (iteration, position, problem, sample, count, weight) VALUES ($0, $1, $2, $3, $4, $5)", new object?[6]);
            foreach (KeptSample sample in batch)
            {
                command.Execute(iteration, position++, sample.ProblemId, sample.Index, sample.Count, sample.Weight);
            }
        });
        batch.Clear();
        return position;
    }

    private static KeptSample Read(Microsoft.Data.Sqlite.SqliteDataReader row)
    {
        Sample sample = SampleRow.Read(row, 2);
        return new KeptSample(sample.Completion.ProblemId, sample.Completion.Index, row.GetInt32(0), row.GetDouble(1), sample);
    }
}
