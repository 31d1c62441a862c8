using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Rules of an objective, wherever it stands.</summary>
internal static class ObjectiveRules
{
    /// <summary>Reports every broken rule as (key path, message).</summary>
    /// <param name="objective">Null for none.</param>
    /// <param name="optimizer">Beside it.</param>
    /// <param name="path">Of the group of keys that both stand in.</param>
    /// <param name="fault">Takes the fault.</param>
    internal static void Check(ObjectiveOptions? objective, OptimizerOptions optimizer, string path, Action<string, string> fault)
    {
        if (objective is { Sftmix: null })
        {
            fault($"{path}.objective", $"{path}.objective is given and says nothing, expected sftmix in it, or no objective for the negative log-likelihood alone.");
        }

        if (objective?.Mixup is not null && optimizer.BatchSequences % 2 != 0)
        {
            fault($"{path}.optimizer.batch_sequences", $"{path}.optimizer.batch_sequences is {optimizer.BatchSequences}, expected an even number with sftmix: a batch holds pairs.");
        }
    }
}
