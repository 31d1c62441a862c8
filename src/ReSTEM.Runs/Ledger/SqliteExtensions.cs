using Microsoft.Data.Sqlite;

namespace ReSTEM.Runs;

/// <summary>Short forms for parameterised SQL.</summary>
internal static class SqliteExtensions
{
    /// <summary>A command whose parameters are <c>$0</c>, <c>$1</c>, ... in order.</summary>
    internal static SqliteCommand Command(this SqliteConnection connection, string sql, params object?[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue($"${i}", parameters[i] ?? DBNull.Value);
        }

        return command;
    }

    /// <summary>Runs one statement. It is finalised before this returns: SQLite keeps the file of a closed connection open until its last statement is.</summary>
    internal static void Execute(this SqliteConnection connection, string sql, params object?[] parameters)
    {
        using SqliteCommand command = connection.Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row.</summary>
    internal static T Scalar<T>(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.Command(sql);
        return (T)command.ExecuteScalar()!;
    }

    /// <summary>Runs the same statement again with other values.</summary>
    internal static void Execute(this SqliteCommand command, params object?[] parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i] ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }

    /// <summary>All rows of a query, each read by <paramref name="read"/>.</summary>
    internal static List<T> Rows<T>(this SqliteCommand command, Func<SqliteDataReader, T> read)
    {
        using (command)
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }
}
