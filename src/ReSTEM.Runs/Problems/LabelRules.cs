namespace ReSTEM.Runs;

/// <summary>Rules of a label set in a configuration.</summary>
internal static class LabelRules
{
    /// <summary>Reports every broken rule as (key path, message).</summary>
    /// <param name="labels">What the model says, by label; null where the rows have the labels.</param>
    /// <param name="path">Of the key.</param>
    /// <param name="fault">Takes the fault.</param>
    internal static void Check(IReadOnlyDictionary<string, string>? labels, string path, Action<string, string> fault)
    {
        if (labels is null)
        {
            return;
        }

        if (labels.Count < 2)
        {
            fault(path, $"{path} has {labels.Count} label{(labels.Count == 1 ? "" : "s")}, expected at least 2.");
        }

        foreach (string label in labels.Where(entry => string.IsNullOrWhiteSpace(entry.Value)).Select(entry => entry.Key))
        {
            fault($"{path}.{label}", $"{path}.{label} is empty, expected what the model says for the label.");
        }

        foreach (var same in labels.GroupBy(entry => entry.Value.Trim(), StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            fault(path, $"{path} says '{same.Key}' for {string.Join(" and ", same.Select(entry => entry.Key))}, expected another text for each label.");
        }
    }
}
