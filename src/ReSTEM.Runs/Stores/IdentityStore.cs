using Microsoft.Data.Sqlite;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The identity of the run in its ledger, where it is sealed, and the engines that it was given before.</summary>
internal sealed class IdentityStore(LedgerDatabase database)
{
    /// <summary>How parts begin that tell of an engine that was changed by name: history, not identity.</summary>
    private const string ChangePrefix = "engine change ";

    // What an iteration has trained without an end is of the former engine; samples that were drawn stay, whoever drew them.
    private const string Unfinished = "iteration > 0 AND iteration NOT IN (SELECT iteration FROM phases WHERE phase = $0)";

    private static readonly string[] OfCandidates = ["samples", "draws"];
    private static readonly string[] OfTrainings = ["steps", "trainings", "mixups", "checkpoints"];

    /// <summary>Null for a run that has none yet.</summary>
    internal RunIdentity? Read()
    {
        var parts = Parts();
        return parts.Count == 0 ? null : RunIdentity.Of(parts.Where(part => !IsChange(part.Key)));
    }

    /// <summary>Identity and history.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Parts() =>
        database.Rows("SELECT name, value FROM identity ORDER BY name", row => KeyValuePair.Create(row.GetString(0), row.GetString(1)));

    /// <summary>What engines were changed, in order: from which to which.</summary>
    internal IReadOnlyList<string> Changes() => [.. Parts().Where(part => IsChange(part.Key)).Select(part => part.Value)];

    internal void Write(RunIdentity identity) => database.Write(connection => Insert(connection, identity.Parts));

    /// <summary>Gives the run another engine. Trainings that are not complete are forgotten, with their candidates' samples: they begin anew.</summary>
    /// <param name="engine">Every part that is of the engine, as it is now.</param>
    /// <param name="change">What is remembered.</param>
    internal void ChangeEngine(IReadOnlyList<KeyValuePair<string, string>> engine, string change)
    {
        var before = Parts();
        string name = FormattableString.Invariant($"{ChangePrefix}{before.Count(part => IsChange(part.Key)) + 1:D3}");
        database.Write(connection =>
        {
            foreach (var part in before.Where(part => RunIdentity.IsOfEngine(part.Key)))
            {
                Execute(connection, "DELETE FROM identity WHERE name = $0", part.Key);
            }

            Insert(connection, engine.Append(KeyValuePair.Create(name, change)));
            foreach (string table in OfCandidates)
            {
                Execute(connection, $"DELETE FROM {table} WHERE draw LIKE 'validation/%' AND {Unfinished}", MStep.Phase);
            }

            foreach (string table in OfTrainings)
            {
                Execute(connection, $"DELETE FROM {table} WHERE {Unfinished}", MStep.Phase);
            }

            Execute(connection, $"DELETE FROM phases WHERE phase = '{TrainingDynamics.Phase}' AND {Unfinished}", MStep.Phase);
        });
    }

    private static bool IsChange(string name) => name.StartsWith(ChangePrefix, StringComparison.Ordinal);

    private static void Insert(SqliteConnection connection, IEnumerable<KeyValuePair<string, string>> parts)
    {
        using var command = connection.Command("INSERT INTO identity (name, value) VALUES ($0, $1)", new object?[2]);
        foreach (var (name, value) in parts)
        {
            command.Execute(name, value);
        }
    }

    private static void Execute(SqliteConnection connection, string sql, string parameter)
    {
        using var command = connection.Command(sql, parameter);
        command.ExecuteNonQuery();
    }
}
