using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Runs;

/// <summary>Where problems come from: files, or the project's generator.</summary>
public sealed record ProblemSource
{
    /// <summary>Problem files in any of the published forms (JSONL, GSM8K, MATH, BIG-Bench Hard; also .gz), read in this order.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Form of the files; <c>auto</c> tells it from the content.</summary>
    public string Format { get; init; } = "auto";

    /// <summary>Generated problems instead of files.</summary>
    public GenerateConfig? Generate { get; init; }

    /// <summary>How many problems to take, drawn at random with the run's seed; 0 takes all.</summary>
    [Range(0, int.MaxValue)]
    public int Limit { get; init; }
}

/// <summary>Problems from the project's generator; see docs/quickstart.md.</summary>
public sealed record GenerateConfig
{
    /// <summary>Kinds, drawn with equal chance: <c>arithmetic</c>, <c>word</c>.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>Which of the disjoint splits: <c>train</c>, <c>validation</c> or <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>How many problems.</summary>
    [Range(1, 10_000_000)]
    public required int Count { get; init; }

    /// <summary>Seed of the generator; not the run's, so that runs with other seeds share their problems.</summary>
    [Range(0, long.MaxValue)]
    public long Seed { get; init; } = 1;
}
