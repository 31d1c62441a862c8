using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The identity of the run in its ledger, where it is sealed.</summary>
internal sealed class IdentityStore(LedgerDatabase database)
{
    /// <summary>Null for a run that has none yet.</summary>
    internal RunIdentity? Read()
    {
        var parts = database.Rows("SELECT name, value FROM identity", row => KeyValuePair.Create(row.GetString(0), row.GetString(1)));
        return parts.Count == 0 ? null : RunIdentity.Of(parts);
    }

    internal void Write(RunIdentity identity) => database.Write(connection =>
    {
        using var command = connection.Command("INSERT INTO identity (name, value) VALUES ($0, $1)", new object?[2]);
        foreach (var (name, value) in identity.Parts)
        {
            command.Execute(name, value);
        }
    });
}
