namespace ReSTEM.Core;

/// <summary>What the text of a <see cref="TaskKind.Classify"/> problem may be called, and what it was called: by one label, or by several with a probability each.</summary>
public sealed record LabelTarget
{
    /// <summary>Names of the labels, at least two, each once; their order is that of every list here and of every table.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>What a model says for each label, as it stands after the prompt, shape [K].</summary>
    public required IReadOnlyList<string> Verbalisers { get; init; }

    /// <summary>The target distribution q over the labels, shape [K]: each in [0, 1], together 1.</summary>
    public required IReadOnlyList<double> Distribution { get; init; }

    /// <summary>The hard label, by number: what the data set says, or else the most probable one; of equals the first.</summary>
    public required int Hard { get; init; }

    /// <summary>What each annotator said, by number of the label; empty where the data set does not have it.</summary>
    public IReadOnlyList<int> Annotations { get; init; } = [];

    /// <summary>Whether it is one label alone.</summary>
    public bool IsOneHot => Distribution[Hard] == 1;

    /// <summary>Name of the hard label.</summary>
    public string HardLabel => Labels[Hard];

    /// <summary>The number of the label that a completion says: its verbaliser, blanks around it and the case of letters aside; null for none.</summary>
    /// <remarks>Where case alone tells two labels apart, it counts.</remarks>
    public int? Said(string completion)
    {
        string said = completion.Trim();
        return Find(said, StringComparison.Ordinal) ?? Find(said, StringComparison.OrdinalIgnoreCase);
    }

    private int? Find(string said, StringComparison comparison)
    {
        int[] found = [.. Enumerable.Range(0, Verbalisers.Count).Where(label => string.Equals(Verbalisers[label].Trim(), said, comparison))];
        return found is [var only] ? only : null;
    }
}
