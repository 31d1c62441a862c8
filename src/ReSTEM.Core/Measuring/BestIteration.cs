namespace ReSTEM.Core;

/// <summary>Chooses the iteration whose policy is the run's result.</summary>
public static class BestIteration
{
    /// <summary>The iteration with the largest validation reward, the earliest among equals; the last one where none was measured.</summary>
    public static int Of(IMeasureStore measures, int iterations)
    {
        int best = -1;
        double largest = double.NegativeInfinity;
        for (int iteration = 0; iteration <= iterations; iteration++)
        {
            if (measures.Read(iteration).TryGetValue(Measure.ValidationReward, out Estimate reward) && reward.Value > largest)
            {
                (best, largest) = (iteration, reward.Value);
            }
        }

        return best < 0 ? iterations : best;
    }
}
