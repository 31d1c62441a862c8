namespace ReSTEM.Core;

/// <summary>Named numbers of iterations, for reports.</summary>
public interface IMeasureStore
{
    /// <summary>Records a number of an iteration; one that is there is replaced.</summary>
    void Write(int iteration, Measure measure, Estimate value);

    /// <summary>The numbers of an iteration.</summary>
    IReadOnlyDictionary<Measure, Estimate> Read(int iteration);
}

/// <summary>Numbers without an interval.</summary>
public static class MeasureStores
{
    /// <summary>Records a number that is exact, or whose interval nobody knows.</summary>
    public static void Write(this IMeasureStore store, int iteration, Measure measure, double value) =>
        store.Write(iteration, measure, new Estimate(value, value, value));
}
