using System.ComponentModel.DataAnnotations;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The configuration of <c>restem sweep</c>: a run, what is changed in it, and seeds. Relative paths are relative to that file.</summary>
public sealed record SweepConfig
{
    /// <summary>Names the folder of all runs, <c>runs/NAME</c>.</summary>
    [RegularExpression(RunConfigRules.NamePattern)]
    public required string Name { get; init; }

    /// <summary>Run configuration that the others are compared with; its runs are called <c>base</c>.</summary>
    [Place]
    public required string Base { get; init; }

    /// <summary>What is changed in it, by name: a file that extends it, or keys, or both.</summary>
    public required IReadOnlyDictionary<string, SweepOverlay> Overlays { get; init; }

    /// <summary>Seeds that each is run with. Three or more show what of a difference is the seed's.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    /// <summary>Keys of every run, <c>key.path=value</c>.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>Metrics in the table, for example <c>pass@1</c>; every one that was measured where none is named.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];
}

/// <summary>One change of a sweep: the path of a file that extends the base, or the path and more.</summary>
[ShortForm(nameof(Config))]
public sealed record SweepOverlay
{
    /// <summary>Run configuration that extends the sweep's base, directly or through others; the base itself where it is not given.</summary>
    [Place]
    public string Config { get; init; } = "";

    /// <summary>Keys, <c>key.path=value</c>, over those of the file.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>Whose result, with the same seed, is sampled in every E-step (distillation): <c>base</c>, or an overlay that stands before this one.</summary>
    public string Teacher { get; init; } = "";
}
