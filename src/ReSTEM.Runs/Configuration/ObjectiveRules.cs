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
        if (objective is { Sftmix: null, Kind: null, MeanOver: null })
        {
            fault($"{path}.objective", $"{path}.objective is given and says nothing, expected soft_targets, or keys of an objective, or no objective for the negative log-likelihood alone.");
        }

        if (objective is { HasSoftTargets: true, Sftmix: not null })
        {
            fault($"{path}.objective.sftmix", $"{path}.objective.sftmix is given with soft_targets, expected one of them: pairs to mix are of single completions.");
        }

        if (objective?.Mixup is not null && optimizer.BatchSequences % 2 != 0)
        {
            fault($"{path}.optimizer.batch_sequences", $"{path}.optimizer.batch_sequences is {optimizer.BatchSequences}, expected an even number with sftmix: a batch holds pairs.");
        }
    }
}
