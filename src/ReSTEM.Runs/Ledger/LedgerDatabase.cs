using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace ReSTEM.Runs;

/// <summary>The database of a ledger: one connection, one user at a time. Safe for several threads.</summary>
internal sealed class LedgerDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();

    private LedgerDatabase(string path, SqliteConnection connection) => (FilePath, _connection) = (path, connection);

    /// <summary>The file.</summary>
    internal string FilePath { get; }

    /// <summary>Opens a database, making or migrating it. What is committed survives a power cut: every commit reaches the disk.</summary>
    /// <exception cref="InvalidDataException">The file is not a ledger, is damaged, or is of a newer version.</exception>
    internal static LedgerDatabase Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Command("PRAGMA journal_mode = WAL").ExecuteNonQuery();
            connection.Command("PRAGMA synchronous = FULL").ExecuteNonQuery();
            LedgerSchema.Migrate(connection, path);
            return new LedgerDatabase(path, connection);
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
            catch (Exception fault) when (fault is SqliteException or InvalidCastException or FormatException or ArgumentException or JsonException)
            {
                throw new InvalidDataException($"{FilePath} is damaged: {fault.Message.TrimEnd('.')}. Restore the file or start a new run.");
            }
        }
    }

    /// <summary>One statement in a transaction of its own.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Write(string sql, params object?[] parameters) => Write(connection =>
    {
        using var command = connection.Command(sql, parameters);
        command.ExecuteNonQuery();
    });

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
                throw new IOException(
                    $"{FilePath} cannot be written: {fault.Message.TrimEnd('.')}. " +
                    "What was committed is kept; mend the cause (free some space?) and start the same command again.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
