using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Phases and their costs in the ledger.</summary>
internal sealed class PhaseStore(LedgerDatabase database) : IPhaseStore
{
    public bool IsComplete(int iteration, string phase) =>
        database.Rows("SELECT 1 FROM phases WHERE iteration = $0 AND phase = $1", row => row.GetInt32(0), iteration, phase).Count > 0;

    public void Complete(int iteration, string phase, PhaseBooking? booking = null) => database.Write(connection =>
    {
        using var command = connection.Command("INSERT OR IGNORE INTO phases (iteration, phase) VALUES ($0, $1)", iteration, phase);
        command.ExecuteNonQuery();
        CostRow.Add(connection, booking);
    });

    public void Book(PhaseBooking booking) => database.Write(connection => CostRow.Add(connection, booking));

    public IReadOnlyDictionary<string, PhaseCost> ReadCosts(int iteration) => database.Rows(
        "SELECT phase, seconds, tokens FROM costs WHERE iteration = $0 ORDER BY phase",
        row => (Phase: row.GetString(0), Cost: new PhaseCost(row.GetDouble(1), row.GetInt64(2))), iteration)
        .ToDictionary(row => row.Phase, row => row.Cost);
}
