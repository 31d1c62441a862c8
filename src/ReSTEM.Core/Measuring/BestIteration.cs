namespace ReSTEM.Core;

/// <summary>Chooses the iteration whose policy is the run's result.</summary>
public static class BestIteration
{
    /// <summary>Name of the validation reward in the ledger.</summary>
    public const string Measure = "validation/reward";

    /// <summary>The iteration with the largest validation reward, the earliest among equals; the last one where none was measured.</summary>
    public static int Of(IRunLedger ledger, int iterations)
    {
        int best = -1;
        double largest = double.NegativeInfinity;
        for (int iteration = 0; iteration <= iterations; iteration++)
        {
            if (ledger.ReadMeasures(iteration).TryGetValue(Measure, out Estimate reward) && reward.Value > largest)
            {
                (best, largest) = (iteration, reward.Value);
            }
        }

        return best < 0 ? iterations : best;
    }
}
