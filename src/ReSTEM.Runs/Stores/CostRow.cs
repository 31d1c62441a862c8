using Microsoft.Data.Sqlite;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Costs of phases as rows of the ledger.</summary>
internal static class CostRow
{
    /// <summary>Adds to what a phase cost, in the transaction that records what was paid for.</summary>
    internal static void Add(SqliteConnection connection, PhaseBooking? booking)
    {
        if (booking is null)
        {
            return;
        }

        using var command = connection.Command(
            "INSERT INTO costs (iteration, phase, seconds, tokens) VALUES ($0, $1, $2, $3) " +
            "ON CONFLICT DO UPDATE SET seconds = seconds + $2, tokens = tokens + $3",
            booking.Iteration, booking.Phase, booking.Cost.Seconds, booking.Cost.Tokens);
        command.ExecuteNonQuery();
    }
}
