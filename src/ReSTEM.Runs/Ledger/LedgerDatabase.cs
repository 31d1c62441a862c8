using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ReSTEM.Runs;

/// <summary>The database of a ledger: one connection, one user at a time. Safe for several threads.</summary>
internal sealed class LedgerDatabase : IDisposable
{
    private const string Whole = "ok"; // what SQLite says of a database without a fault in its structure
    private const long MostBytesCheckedAtOpening = 256L << 20;
    private const long MostSamplesCheckedAtOpening = 400_000;
    private const int PagesInLog = 4096; // a page that is written often goes into the database once in so many
    private const int SettleTries = 200;
    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(25); // somebody reads what is in the log

    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();

    private LedgerDatabase(string path, SqliteConnection connection, long versionBefore) =>
        (FilePath, _connection, VersionBefore) = (path, connection, versionBefore);

    /// <summary>The file.</summary>
    internal string FilePath { get; }

    /// <summary>Version of the schema that the file had when it was opened; 0 for a new one.</summary>
    internal long VersionBefore { get; }

    /// <summary>Opens a database, making or migrating it. What is committed survives a power cut: every commit reaches the disk.</summary>
    /// <exception cref="InvalidDataException">The file is not a ledger, is damaged, or is of a newer version.</exception>
    internal static LedgerDatabase Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute("PRAGMA synchronous = FULL");
            connection.Execute($"PRAGMA wal_autocheckpoint = {PagesInLog}");
            LedgerSeals.Register(connection);
            var database = new LedgerDatabase(path, connection, LedgerSchema.Migrate(connection, path));
            database.ThrowIfDamaged(all: false);
            return database;
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw LedgerFaults.Of(fault, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a database that another process may be writing. What is looked at is as it was committed, and nothing is written.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">The file is not a ledger, is empty, damaged, or of a newer version.</exception>
    internal static LedgerDatabase OpenToRead(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path} {(Directory.Exists(path) ? "is a folder" : "does not exist")}, expected the ledger of a run.", path);
        }

        // Not read-only for SQLite: whoever closes a ledger last tidies its log away, and a reader may be the last.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
        try
        {
            connection.Open();
            long version = LedgerSchema.VersionOf(connection);
            connection = version == LedgerSchema.Current ? connection : InMemory(connection, path, version);
            connection.Execute("PRAGMA query_only = ON");
            var database = new LedgerDatabase(path, connection, version);
            using var moment = connection.BeginTransaction(deferred: true); // rows and seals of one moment
            database.ThrowIfDamaged(all: false);
            return database;
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw LedgerFaults.Of(fault, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is anything in the file, if there is one; a run that is killed at its first step leaves it empty.</summary>
    internal static bool HasBegun(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
        try
        {
            connection.Open();
            return LedgerSchema.VersionOf(connection) != 0;
        }
        catch (SqliteException fault)
        {
            throw LedgerFaults.Of(fault, path);
        }
    }

    /// <summary>Copies what is committed into a new file.</summary>
    internal void CopyTo(string path) => Reading(connection =>
    {
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        target.Open();
        connection.BackupDatabase(target);
        return path;
    });

    private static SqliteConnection InMemory(SqliteConnection connection, string path, long version)
    {
        using (connection)
        {
            if (version == 0)
            {
                throw new InvalidDataException($"{path} is empty, expected the ledger of a run: the run has not begun, or something else made the file.");
            }

            var memory = new SqliteConnection("Data Source=:memory:;Pooling=False");
            memory.Open();
            connection.BackupDatabase(memory);
            LedgerSeals.Register(memory);
            LedgerSchema.Migrate(memory, path);
            return memory;
        }
    }

    /// <summary>All rows of a query whose parameters are <c>$0</c>, <c>$1</c>, ... in order.</summary>
    /// <exception cref="InvalidDataException">The database is damaged.</exception>
    internal List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params object?[] parameters) =>
        Reading(connection => connection.Command(sql, parameters).Rows(read));

    /// <summary>Reads with the connection.</summary>
    /// <exception cref="InvalidDataException">The database is damaged.</exception>
    internal T Reading<T>(Func<SqliteConnection, T> read)
    {
        lock (_lock)
        {
            try
            {
                return read(_connection);
            }
            catch (SqliteException fault)
            {
                throw LedgerFaults.Of(fault, FilePath);
            }
            catch (Exception fault) when (fault is InvalidCastException or FormatException or ArgumentException or JsonException)
            {
                throw LedgerFaults.Damage(FilePath, fault.Message);
            }
        }
    }

    /// <summary>One statement in a transaction of its own.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Write(string sql, params object?[] parameters) => Write(connection => connection.Execute(sql, parameters));

    /// <summary>Several statements in one transaction.</summary>
    /// <exception cref="IOException">They cannot be written; none is.</exception>
    internal void Write(Action<SqliteConnection> work)
    {
        lock (_lock)
        {
            try
            {
                using var transaction = _connection.BeginTransaction();
                work(_connection);
                transaction.Commit();
            }
            catch (SqliteException fault)
            {
                throw LedgerFaults.Of(fault, FilePath);
            }
        }
    }

    /// <summary>Refuses a ledger whose bytes are not those that were written.</summary>
    /// <param name="all">Looks at everything; else at so much that it takes seconds at most.</param>
    /// <exception cref="InvalidDataException">It is damaged; the message says where.</exception>
    internal void ThrowIfDamaged(bool all)
    {
        IReadOnlyList<string> damage = Reading(connection =>
        {
            string structure = all || new FileInfo(FilePath).Length <= MostBytesCheckedAtOpening
                ? connection.Scalar<string>("PRAGMA integrity_check(1)")
                : Whole;
            return structure == Whole ? LedgerSeals.Damage(connection, all ? long.MaxValue : MostSamplesCheckedAtOpening) : [structure];
        });
        if (damage.Count > 0)
        {
            throw LedgerFaults.Damage(FilePath, $"what it holds of {string.Join(", ", damage)} is not what was written");
        }
    }

    /// <summary>
    /// Empties the log into the database. SQLite does that when the last connection closes, and that may be somebody's who only looks.
    /// </summary>
    internal void Settle()
    {
        for (int tried = 0; tried < SettleTries && IsLogInUse(); tried++)
        {
            Thread.Sleep(SettlePause);
        }
    }

    private bool IsLogInUse() => Rows("PRAGMA wal_checkpoint(TRUNCATE)", row => row.GetInt64(0))[0] != 0;

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
