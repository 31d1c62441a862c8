using Microsoft.Data.Sqlite;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Draws as rows of the ledger: which policy was sampled.</summary>
internal static class DrawRow
{
    internal const string Columns = "weights_sha256, engine, version, dtype, deterministic";

    /// <summary>A policy as the ledger has it: device and shapes stand with the version. They decide bits as it does, and most engines have none.</summary>
    internal static PolicyFingerprint AsStored(PolicyFingerprint policy) =>
        policy with { Engine = policy.Engine with { Version = Version(policy.Engine), Device = "cpu", Shapes = "" } };

    internal static PolicyFingerprint Read(SqliteDataReader row, int first) => new(
        row.GetString(first),
        new EngineFingerprint(row.GetString(first + 1), row.GetString(first + 2), row.GetString(first + 3), row.GetBoolean(first + 4)));

    private static string Version(EngineFingerprint engine) =>
        engine.Version + (engine.Device == "cpu" ? "" : $" on {engine.Device}") + (engine.Shapes.Length == 0 ? "" : $", {engine.Shapes}");
}
