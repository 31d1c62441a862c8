using Microsoft.Data.Sqlite;

namespace ReSTEM.Runs;

/// <summary>The tables of a run ledger, as the migrations that made them. Times are kept apart, in <c>costs</c> and the samples' <c>measurements</c>: everything else is a function of the seed.</summary>
internal static class LedgerSchema
{
    private const int FirstSealed = 4;

    private const string Archives = "archives";
    private static readonly string[] OfMixing = ["checkpoints", "mixups"];

    /// <summary>The table that is sealed draw by draw.</summary>
    internal const string Samples = "samples";

    /// <summary>Tables whose rows are sealed, with all their columns. A version that adds columns makes the triggers and seals anew.</summary>
    internal static IEnumerable<(string Table, string Columns)> Sealed =>
    [
        .. Reproducible.Select(table => (table.Table, table.Table == Samples ? table.Columns + ", measurements" : table.Columns)),
        ("costs", "iteration, phase, seconds, tokens"),
        ("identity", "name, value"),
        ("files", "iteration, path, bytes, sha256"),
        (Archives, "iteration, draw, path, rows, correct, most, sha256"),
    ];

    /// <summary>What was sealed from the first.</summary>
    private static IEnumerable<(string Table, string Columns)> SealedFirst => Sealed.Where(table => !OfMixing.Contains(table.Table) && table.Table != Archives);

    /// <summary>Tables and columns whose contents are the same for the same seed, with their order.</summary>
    internal static readonly (string Table, string Columns, string Order)[] Reproducible =
    [
        ("draws", "iteration, draw, weights_sha256, engine, version, dtype, deterministic", "iteration, draw"),
        (Samples, $"iteration, draw, {SampleRow.ReproducibleColumns}", "iteration, draw, problem, sample"),
        ("kept", "iteration, position, problem, sample, count, weight", "iteration, position"),
        ("steps", "iteration, step, step_count, epoch, loss, gradient_norm, learning_rate, tokens", "iteration, step"),
        ("trainings", "iteration, steps, chosen_epoch, measures, tokens, final_loss, weights_sha256", "iteration"),
        ("measures", "iteration, name, value, low, high", "iteration, name"),
        ("phases", "iteration, phase", "iteration, phase"),
        (OfMixing[0], "iteration, checkpoint, losses", "iteration, checkpoint"),
        (OfMixing[1], "iteration, step, loss", "iteration, step"),
    ];

    /// <summary>Whether a reproducible table counts only where it has rows, since versions before it gave digests without it.</summary>
    internal static bool CountsOnlyWithRows(string table) => OfMixing.Contains(table);

    /// <summary>Migration i brings version i to version i + 1. Entries are never changed once released.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE draws (
            iteration INTEGER NOT NULL, draw TEXT NOT NULL, weights_sha256 TEXT NOT NULL, engine TEXT NOT NULL, version TEXT NOT NULL,
            deterministic INTEGER NOT NULL, PRIMARY KEY (iteration, draw));
        CREATE TABLE samples (
            iteration INTEGER NOT NULL, draw TEXT NOT NULL, problem TEXT NOT NULL, sample INTEGER NOT NULL,
            token_ids BLOB NOT NULL, completion TEXT NOT NULL, finish_reason TEXT NOT NULL, log_probability REAL NOT NULL,
            verdict TEXT NOT NULL, reason TEXT NOT NULL, answer TEXT NOT NULL, answer_key TEXT, evidence TEXT NOT NULL,
            PRIMARY KEY (iteration, draw, problem, sample));
        CREATE TABLE kept (
            iteration INTEGER NOT NULL, position INTEGER NOT NULL, problem TEXT NOT NULL, sample INTEGER NOT NULL,
            count INTEGER NOT NULL, weight REAL NOT NULL,
            PRIMARY KEY (iteration, position));
        CREATE TABLE steps (
            iteration INTEGER NOT NULL, step INTEGER NOT NULL, step_count INTEGER NOT NULL, epoch INTEGER NOT NULL,
            loss REAL NOT NULL, gradient_norm REAL NOT NULL, learning_rate REAL NOT NULL, tokens INTEGER NOT NULL,
            PRIMARY KEY (iteration, step));
        CREATE TABLE trainings (
            iteration INTEGER PRIMARY KEY, steps INTEGER NOT NULL, chosen_epoch INTEGER NOT NULL, measures TEXT NOT NULL,
            tokens INTEGER NOT NULL, final_loss REAL NOT NULL, weights_sha256 TEXT NOT NULL);
        CREATE TABLE measures (
            iteration INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
            PRIMARY KEY (iteration, name));
        CREATE TABLE phases (
            iteration INTEGER NOT NULL, phase TEXT NOT NULL, PRIMARY KEY (iteration, phase));
        CREATE TABLE costs (
            iteration INTEGER NOT NULL, phase TEXT NOT NULL, seconds REAL NOT NULL, tokens INTEGER NOT NULL,
            PRIMARY KEY (iteration, phase));
        """,
        "ALTER TABLE samples ADD COLUMN measurements TEXT NOT NULL DEFAULT '{}';",
        """
        ALTER TABLE samples ADD COLUMN verifier TEXT NOT NULL DEFAULT '';
        ALTER TABLE draws ADD COLUMN dtype TEXT NOT NULL DEFAULT 'float32';
        CREATE INDEX kept_by_problem ON kept (iteration, problem, position);
        """,
        """
        CREATE TABLE identity (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE files (
            iteration INTEGER NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (iteration, path));

        """ + LedgerSeals.Sql(SealedFirst),
        """
        CREATE TABLE checkpoints (
            iteration INTEGER NOT NULL, checkpoint INTEGER NOT NULL, losses BLOB NOT NULL, PRIMARY KEY (iteration, checkpoint));
        CREATE TABLE mixups (
            iteration INTEGER NOT NULL, step INTEGER NOT NULL, loss REAL NOT NULL, PRIMARY KEY (iteration, step));

        """ + LedgerSeals.Triggers(Sealed.Where(table => OfMixing.Contains(table.Table))),

        // Whoever goes on with a draw counts it first, which must not read all that was drawn. Of some rows only: no other question is answered by these.
        """
        CREATE INDEX IF NOT EXISTS samples_correct ON samples (iteration, draw, problem) WHERE verdict = 'Correct';
        CREATE INDEX IF NOT EXISTS samples_failed ON samples (iteration, draw, problem, sample) WHERE verdict = 'VerifierFailed';

        CREATE TABLE archives (
            iteration INTEGER NOT NULL, draw TEXT NOT NULL, path TEXT NOT NULL, rows INTEGER NOT NULL, correct INTEGER NOT NULL,
            most INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (iteration, draw));

        """ + LedgerSeals.Triggers(Sealed.Where(table => table.Table == Archives)),
    ];

    /// <summary>The version that this program writes.</summary>
    internal static long Current => Migrations.Length;

    /// <summary>The version of a database; 0 for a new one.</summary>
    internal static long VersionOf(SqliteConnection connection) => connection.Scalar<long>("PRAGMA user_version");

    /// <summary>Brings a database to the current version.</summary>
    /// <returns>The version that it had; 0 for a new one.</returns>
    /// <exception cref="InvalidDataException">It was written by a newer version.</exception>
    internal static long Migrate(SqliteConnection connection, string path)
    {
        long before = VersionOf(connection);
        long version = before;
        if (version > Migrations.Length)
        {
            throw new InvalidDataException(
                $"{path}: ledger version is {version}, expected at most {Migrations.Length}. Use the newer restem that wrote it.");
        }

        using var transaction = connection.BeginTransaction(); // one: nobody ever sees a version in between
        for (; version < Migrations.Length; version++)
        {
            connection.Execute(Migrations[version]);
            if (version + 1 == FirstSealed)
            {
                LedgerSeals.SealAll(connection, SealedFirst);
            }

            connection.Execute($"PRAGMA user_version = {version + 1}");
        }

        transaction.Commit();

        return before;
    }
}
