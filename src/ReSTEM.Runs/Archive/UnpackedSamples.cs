using Microsoft.Data.Sqlite;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Samples of files in a table of one connection, which SQLite keeps in its folder of temporary files and which goes with the connection.
/// With it the name <c>samples</c> means the ledger's and these together; whoever means the ledger's alone says <c>main.samples</c>.
/// </summary>
internal static class UnpackedSamples
{
    /// <summary>Name of the table.</summary>
    internal const string Table = "temp.unpacked";

    private const string Columns = "iteration, draw, " + SampleRow.Columns;

    // The types and the order of the ledger's.
    private const string Sql = $"""
        CREATE TEMP TABLE IF NOT EXISTS unpacked (
            iteration INTEGER NOT NULL, draw TEXT NOT NULL, problem TEXT NOT NULL, sample INTEGER NOT NULL,
            token_ids BLOB NOT NULL, completion TEXT NOT NULL, finish_reason TEXT NOT NULL, log_probability REAL NOT NULL,
            verdict TEXT NOT NULL, reason TEXT NOT NULL, answer TEXT NOT NULL, answer_key TEXT, evidence TEXT NOT NULL,
            measurements TEXT NOT NULL, verifier TEXT NOT NULL,
            PRIMARY KEY (iteration, draw, problem, sample));
        CREATE TEMP VIEW IF NOT EXISTS samples AS SELECT {Columns} FROM main.samples UNION ALL SELECT {Columns} FROM {Table};
        """;

    /// <summary>Puts rows of a draw into the table, all or none.</summary>
    /// <param name="connection">May be one that writes nothing: what lasts stays as it is.</param>
    /// <param name="draw">The draw.</param>
    /// <param name="rows">Each the values of <see cref="SampleRow.Columns"/> in order.</param>
    /// <returns>How many.</returns>
    internal static long Fill(SqliteConnection connection, DrawId draw, IEnumerable<object?[]> rows) => Writing(connection, () =>
    {
        connection.Execute(Sql);
        long count = 0;
        using var transaction = connection.BeginTransaction(deferred: true); // nobody else waits for it: the table is this connection's
        using var insert = connection.Command(
            $"INSERT INTO {Table} ({Columns}) VALUES ({string.Join(", ", Columns.Split(", ").Select((_, i) => $"${i}"))})", new object?[Columns.Split(", ").Length]);
        foreach (object?[] row in rows)
        {
            insert.Execute([draw.Iteration, draw.Name, .. row]);
            count++;
        }

        transaction.Commit();
        return count;
    });

    /// <summary>Takes the rows of a draw out again.</summary>
    internal static void Forget(SqliteConnection connection, DrawId draw) => Writing(connection, () =>
    {
        connection.Execute($"DELETE FROM {Table} WHERE iteration = $0 AND draw = $1", draw.Iteration, draw.Name);
        return true;
    });

    /// <summary>Takes the table away: SQLite rewrites no ledger beside which there is a view of its table's name.</summary>
    internal static void Drop(SqliteConnection connection) => connection.Execute("DROP VIEW IF EXISTS temp.samples; DROP TABLE IF EXISTS temp.unpacked");

    private static T Writing<T>(SqliteConnection connection, Func<T> work)
    {
        bool isToRead = connection.Scalar<long>("PRAGMA query_only") == 1;
        connection.Execute("PRAGMA query_only = OFF");
        try
        {
            return work();
        }
        finally
        {
            connection.Execute($"PRAGMA query_only = {(isToRead ? "ON" : "OFF")}");
        }
    }
}
