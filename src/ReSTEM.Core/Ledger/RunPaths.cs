using System.Globalization;

namespace ReSTEM.Core;

/// <summary>Where the files of a run belong. Asking makes no folder: who writes makes it.</summary>
/// <param name="Folder">The run folder.</param>
public sealed record RunPaths(string Folder)
{
    /// <summary>Folder of all that an iteration leaves.</summary>
    public string Iteration(int iteration) =>
        Path.GetFullPath(Path.Combine(Folder, "iterations", iteration.ToString("D3", CultureInfo.InvariantCulture)));

    /// <summary>Folder of an iteration's policy, which the trainer writes.</summary>
    public string Policy(int iteration) => Path.Combine(Iteration(iteration), "policy");

    /// <summary>Folder of the trainer's own state in an iteration.</summary>
    public string Trainer(int iteration) => Path.Combine(Iteration(iteration), "trainer");

    /// <summary>Folder of a reference run, which is trained for its checkpoints; there only while it is.</summary>
    public string Reference(int iteration) => Path.Combine(Iteration(iteration), "reference");

    /// <summary>The kept samples of an iteration, for people and other programs.</summary>
    public string Kept(int iteration) => Path.Combine(Iteration(iteration), "kept.jsonl");

    /// <summary>The sequences that an iteration is training on; there only while it does.</summary>
    public string Sequences(int iteration) => Path.Combine(Iteration(iteration), "sequences.bin");
}
