using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Named numbers in the ledger.</summary>
internal sealed class MeasureStore(LedgerDatabase database) : IMeasureStore
{
    public void Write(int iteration, Measure measure, Estimate value) => database.Write(
        "INSERT OR REPLACE INTO measures (iteration, name, value, low, high) VALUES ($0, $1, $2, $3, $4)",
        iteration, measure.Name, value.Value, value.Low, value.High);

    public IReadOnlyDictionary<Measure, Estimate> Read(int iteration) => database.Rows(
        "SELECT name, value, low, high FROM measures WHERE iteration = $0 ORDER BY name",
        row => (Measure: Measure.Stored(row.GetString(0)), Value: new Estimate(row.GetDouble(1), row.GetDouble(2), row.GetDouble(3))),
        iteration).ToDictionary(row => row.Measure, row => row.Value);
}
