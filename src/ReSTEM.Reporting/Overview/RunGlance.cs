using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>What a run is doing.</summary>
public enum RunStage
{
    /// <summary>A process writes it now.</summary>
    Running,

    /// <summary>It has ended.</summary>
    Finished,

    /// <summary>It has something left to do, and no process does it.</summary>
    Stopped,

    /// <summary>It cannot be looked at.</summary>
    Faulty,
}

/// <summary>What of a run is known at a glance: of its ledger and configuration alone, without its problems and models.</summary>
public sealed record RunGlance
{
    /// <summary>Its folder as it was named.</summary>
    public required string Folder { get; init; }

    /// <summary>What it is called on the page.</summary>
    public required string Name { get; init; }

    /// <summary>The last part of its address.</summary>
    public required string Slug { get; init; }

    /// <summary>What it is doing.</summary>
    public required RunStage Stage { get; init; }

    /// <summary>Why it cannot be looked at, in one line; empty where it can.</summary>
    public string Fault { get; init; } = "";

    /// <summary>Where it is: <c>E-step 2 of 3</c>.</summary>
    public string Phase { get; init; } = "";

    /// <summary>Units of the phase that are done.</summary>
    public long Done { get; init; }

    /// <summary>Units of the phase; 0 where that is not known.</summary>
    public long Total { get; init; }

    /// <summary>The set and metric of <see cref="Values"/>: <c>math, pass@1</c>; empty where nothing was measured.</summary>
    public string Measured { get; init; } = "";

    /// <summary>By iteration, the base model first; null where it was not measured.</summary>
    public IReadOnlyList<Estimate?> Values { get; init; } = [];

    /// <summary>The best iteration by validation so far; 0 is the base model.</summary>
    public int Best { get; init; }

    /// <summary>Samples drawn.</summary>
    public long Samples { get; init; }

    /// <summary>Tokens drawn and trained on.</summary>
    public long Tokens { get; init; }

    /// <summary>Wall-clock seconds of all phases, over all starts.</summary>
    public double Seconds { get; init; }

    /// <summary>What computes it.</summary>
    public string Engine { get; init; } = "";
}
