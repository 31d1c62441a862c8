namespace ReSTEM.Core;

/// <summary>
/// The durable memory of a run, by role. Every call that writes is committed, whole or not at all, before it returns, and survives
/// a power cut from then on.
/// </summary>
public interface IRunLedger
{
    /// <summary>What was drawn and how it was judged.</summary>
    ISampleStore Samples { get; }

    /// <summary>What the E-steps kept.</summary>
    IKeptStore Kept { get; }

    /// <summary>What was trained.</summary>
    ITrainingStore Training { get; }

    /// <summary>Named numbers.</summary>
    IMeasureStore Measures { get; }

    /// <summary>Which phases are done, and what they cost.</summary>
    IPhaseStore Phases { get; }

    /// <summary>Files that are published beside it.</summary>
    IFileStore Files { get; }

    /// <summary>Where files of the run belong.</summary>
    RunPaths Paths { get; }
}
