using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace ReSTEM.Runs;

/// <summary>Digest of the reproducible part of a ledger.</summary>
internal static class LedgerDigest
{
    internal static string Of(SqliteConnection connection)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (table, columns, order) in LedgerSchema.Reproducible)
        {
            using var command = connection.Command($"SELECT {columns} FROM {table} ORDER BY {order}");
            using var reader = command.ExecuteReader();
            if (!reader.HasRows && LedgerSchema.CountsOnlyWithRows(table))
            {
                continue;
            }

            Append(hash, Encoding.UTF8.GetBytes($"{table}: {columns}")); // what it covers is part of it
            while (reader.Read())
            {
                for (int column = 0; column < reader.FieldCount; column++)
                {
                    Append(hash, Bytes(reader.GetValue(column)));
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] Bytes(object value) => value switch
    {
        long number => BitConverter.GetBytes(number),
        double number => BitConverter.GetBytes(number),
        string text => Encoding.UTF8.GetBytes(text),
        byte[] bytes => bytes,
        DBNull => [],
        _ => throw new ArgumentException($"value is of type {value.GetType()}, expected one that SQLite stores.", nameof(value)),
    };

    private static void Append(IncrementalHash hash, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
