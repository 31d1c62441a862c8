using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Seals on the rows of a ledger, since SQLite does not notice a changed byte. Every row has a SHA-256; a part of the ledger is sealed
/// with the count of its rows and the exclusive or of theirs. Triggers keep the seals in the transaction that changes the rows, so that
/// no writer can forget them. They tell damage, not intent: whoever can write the file can seal it.
/// </summary>
internal static class LedgerSeals
{
    private const string Function = "restem_seal";

    /// <summary>Makes what the triggers call; before anything is written.</summary>
    internal static void Register(SqliteConnection connection)
    {
        connection.CreateFunction(Function, (object?[] values) => Folded((byte[])values[0]!, values.AsSpan(1)), isDeterministic: true);
        connection.Execute("PRAGMA recursive_triggers = ON"); // a row that is replaced is deleted first
    }

    /// <summary>Statements that make the seals of a ledger without any, and the triggers that keep those of tables.</summary>
    internal static string Sql(IEnumerable<(string Table, string Columns)> tables) =>
        "CREATE TABLE seals (part TEXT PRIMARY KEY, rows INTEGER NOT NULL, digest BLOB NOT NULL);\n" + Triggers(tables);

    /// <summary>Statements that make the triggers of tables, which are empty.</summary>
    internal static string Triggers(IEnumerable<(string Table, string Columns)> tables)
    {
        var sql = new StringBuilder();
        foreach (var (table, columns) in tables)
        {
            sql.Append(Trigger(table, "INSERT", Add(table, columns, "NEW", 1)));
            sql.Append(Trigger(table, "DELETE", Add(table, columns, "OLD", -1)));
            sql.Append(Trigger(table, "UPDATE", Add(table, columns, "OLD", -1) + Add(table, columns, "NEW", 1)));
        }

        return sql.ToString();
    }

    /// <summary>Seals what an earlier version wrote.</summary>
    internal static void SealAll(SqliteConnection connection, IEnumerable<(string Table, string Columns)> tables)
    {
        foreach (var (part, seal) in tables.SelectMany(table => Compute(connection, table)))
        {
            connection.Execute("INSERT INTO seals (part, rows, digest) VALUES ($0, $1, $2)", part, seal.Rows, seal.Digest);
        }
    }

    /// <summary>Compares rows with their seals: all tables, and of the samples the latest draws.</summary>
    /// <param name="connection">Of the ledger.</param>
    /// <param name="mostSamples">Of more samples than this only draws are compared that have no more together, those first that were begun last.</param>
    /// <returns>What is damaged; empty for nothing.</returns>
    internal static IReadOnlyList<string> Damage(SqliteConnection connection, long mostSamples)
    {
        var stored = Stored(connection);
        var damage = new List<string>();
        foreach (var table in LedgerSchema.Sealed)
        {
            var expected = stored.Where(seal => TableOf(seal.Part) == table.Table).ToList();
            bool isWhole = table.Table != LedgerSchema.Samples || expected.Sum(seal => seal.Seal.Rows) <= mostSamples;
            var some = isWhole ? null : Latest(expected, mostSamples);
            var found = some is null ? Compute(connection, table) : some.Select(part => Compute(connection, table, part)).Aggregate(new Dictionary<string, Seal>(), Merged);
            damage.AddRange(expected.Where(seal => some?.Contains(seal.Part) ?? true)
                .Where(seal => !seal.Seal.Equals(found.GetValueOrDefault(seal.Part, Seal.None)))
                .Select(seal => seal.Part));
            damage.AddRange(found.Keys.Except(expected.Select(seal => seal.Part)));
        }

        damage.AddRange(stored.Select(seal => seal.Part).Where(part => LedgerSchema.Sealed.All(table => table.Table != TableOf(part))));
        return damage;
    }

    /// <summary>Whether a table with samples of a draw has the rows that were sealed.</summary>
    internal static bool IsSealed(SqliteConnection connection, DrawId draw, string table)
    {
        string part = $"{LedgerSchema.Samples} {draw.Iteration} {draw.Name}";
        var samples = LedgerSchema.Sealed.Single(entry => entry.Table == LedgerSchema.Samples);
        var stored = Stored(connection).Where(seal => seal.Part == part).Select(seal => seal.Seal).SingleOrDefault();
        return Compute(connection, samples, part, table).GetValueOrDefault(part, Seal.None).Equals(stored);
    }

    /// <summary>Seals as they are kept, the newest first.</summary>
    private static List<(string Part, Seal Seal)> Stored(SqliteConnection connection) => connection.Command("SELECT part, rows, digest FROM seals ORDER BY rowid DESC")
        .Rows(row => (Part: row.GetString(0), Seal: new Seal(row.GetInt64(1), (byte[])row.GetValue(2))));

    /// <summary>The draws that were begun last, as many as fit; a draw that alone has more is left to the audit.</summary>
    private static List<string> Latest(List<(string Part, Seal Seal)> newestFirst, long mostSamples)
    {
        long rows = 0;
        var latest = new List<string>();
        foreach (var (part, seal) in newestFirst.Where(entry => entry.Seal.Rows <= mostSamples))
        {
            rows += seal.Rows;
            if (rows > mostSamples)
            {
                break;
            }

            latest.Add(part);
        }

        return latest;
    }

    private static Dictionary<string, Seal> Merged(Dictionary<string, Seal> some, Dictionary<string, Seal> more) => some.Concat(more).ToDictionary();

    private static string TableOf(string part) => part.Split(' ', 2)[0];

    private static string PartOf(string table, string row) =>
        table == LedgerSchema.Samples ? $"'{table} ' || {row}iteration || ' ' || {row}draw" : $"'{table}'";

    /// <summary>Texts as bytes: what calls a function ends a text at its first zero character.</summary>
    private static string Values(string columns, string row) => string.Join(
        ", ", columns.Split(", ").Select(column => $"iif(typeof({row}{column}) = 'text', CAST({row}{column} AS BLOB), {row}{column})"));

    private static string Add(string table, string columns, string row, int count)
    {
        string part = PartOf(table, row + ".");
        string values = Values(columns, row + ".");

        // Not OR IGNORE: a statement that fires a trigger brings its own way with conflicts into it.
        return $"    INSERT INTO seals (part, rows, digest) SELECT {part}, 0, zeroblob({SHA256.HashSizeInBytes})\n"
            + $"        WHERE NOT EXISTS (SELECT 1 FROM seals WHERE part = {part});\n"
            + $"    UPDATE seals SET rows = rows + {count}, digest = {Function}(digest, {values}) WHERE part = {part};\n";
    }

    private static string Trigger(string table, string change, string statements) =>
        $"CREATE TRIGGER {table}_{change.ToLowerInvariant()} AFTER {change} ON {table} BEGIN\n{statements}END;\n";

    /// <summary>The seals of a table's rows as they are, of one draw of the samples or of all.</summary>
    private static Dictionary<string, Seal> Compute(
        SqliteConnection connection, (string Table, string Columns) table, string? draw = null, string? from = null)
    {
        var seals = new Dictionary<string, Seal>();
        string[] place = draw?.Split(' ', 3) ?? [];
        string condition = draw is null ? "" : " WHERE iteration = $0 AND draw = $1";
        using var command = connection.Command($"SELECT {PartOf(table.Table, "")}, {Values(table.Columns, "")} FROM {from ?? "main." + table.Table}{condition}", [.. place.Skip(1)]);
        using SqliteDataReader reader = command.ExecuteReader();
        object?[] values = new object?[reader.FieldCount - 1];
        while (reader.Read())
        {
            for (int column = 0; column < values.Length; column++)
            {
                values[column] = reader.GetValue(column + 1);
            }

            string part = reader.GetString(0);
            Seal seal = seals.GetValueOrDefault(part, Seal.None);
            seals[part] = new Seal(seal.Rows + 1, Folded(seal.Digest, values));
        }

        return seals;
    }

    /// <summary>A digest with that of a row folded in; folding it in again takes it out.</summary>
    private static byte[] Folded(byte[] digest, ReadOnlySpan<object?> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> header = stackalloc byte[1 + sizeof(int)];
        foreach (object? value in values)
        {
            byte[] bytes = Bytes(value, out byte kind);
            header[0] = kind;
            BinaryPrimitives.WriteInt32LittleEndian(header[1..], bytes.Length);
            hash.AppendData(header);
            hash.AppendData(bytes);
        }

        byte[] row = hash.GetHashAndReset();
        for (int i = 0; i < row.Length; i++)
        {
            row[i] ^= digest[i];
        }

        return row;
    }

    private static byte[] Bytes(object? value, out byte kind)
    {
        (kind, byte[] bytes) = value switch
        {
            long number => ((byte)'i', BitConverter.GetBytes(number)),
            double number => ((byte)'r', BitConverter.GetBytes(number)),
            byte[] blob => ((byte)'b', blob),
            null or DBNull => ((byte)'n', []),
            _ => throw new ArgumentException($"value is of type {value.GetType()}, expected one that SQLite stores.", nameof(value)),
        };
        return bytes;
    }

    /// <summary>Of a part of the ledger.</summary>
    private sealed record Seal(long Rows, byte[] Digest)
    {
        internal static Seal None { get; } = new(0, new byte[SHA256.HashSizeInBytes]);

        public bool Equals(Seal? other) => other is not null && Rows == other.Rows && Digest.AsSpan().SequenceEqual(other.Digest);

        public override int GetHashCode() => HashCode.Combine(Rows, Digest[0]);
    }
}
