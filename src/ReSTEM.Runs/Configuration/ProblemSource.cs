using System.ComponentModel.DataAnnotations;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Where problems come from: files, the project's generator, or a share of the training problems.</summary>
public sealed record ProblemSource
{
    /// <summary>Problem files, read in this order: JSONL, JSON, CSV or Parquet, also .gz; in a published form or of one's own, see docs/data.md.</summary>
    [Place]
    public IReadOnlyList<FileSource> Files { get; init; } = [];

    /// <summary>Form of the files; <c>auto</c> tells it from the content.</summary>
    public ProblemFormat Format { get; init; } = ProblemFormat.Auto;

    /// <summary>Has every problem of the files judged as this task rather than its data set's own.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>What the fields of own data are called.</summary>
    [Place]
    public FieldNames? Fields { get; init; }

    /// <summary>
    /// The labels of problems that are classified, each with what the model says for it after the prompt, in the order of tables; without them those of
    /// the rows, each said as it is called.
    /// </summary>
    [Place]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Takes only problems whose metadata are these, for example <c>{split: train}</c>.</summary>
    [Place]
    public IReadOnlyDictionary<string, string>? Where { get; init; }

    /// <summary>Ids of problems to leave out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Ids of problems that may have an empty answer or the prompt of another problem of the set; an error for all others.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Generated problems instead of files.</summary>
    public GenerateConfig? Generate { get; init; }

    /// <summary>
    /// Takes this share of the training problems, drawn at random with the run's seed, which are then not trained on; in place of files.
    /// For validation and evaluations.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double? Share { get; init; }

    /// <summary>How many problems to take, drawn at random with the run's seed; 0 takes all.</summary>
    [Range(0, int.MaxValue)]
    public int Limit { get; init; }

    /// <summary>The same source with its files found from a folder.</summary>
    public ProblemSource Under(string folder) => this with { Files = [.. Files.Select(file => file with { Path = Path.Combine(folder, file.Path) })] };
}

/// <summary>Problems from the project's generator; see docs/quickstart.md.</summary>
public sealed record GenerateConfig
{
    /// <summary>Kinds, drawn with equal chance: <c>arithmetic</c>, <c>word</c>, <c>code</c>.</summary>
    public required IReadOnlyList<GeneratedKind> Kinds { get; init; }

    /// <summary>Which of the disjoint splits: <c>train</c>, <c>validation</c>, <c>test</c>, or <c>corpus</c>, which is the base model's.</summary>
    public required ProblemSplit Split { get; init; }

    /// <summary>How many problems.</summary>
    [Range(1, 10_000_000)]
    public required int Count { get; init; }

    /// <summary>Seed of the generator; not the run's, so that runs with other seeds share their problems.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>Share of arithmetic problems with 6 to 8 operands, as long as BIG-Bench Hard's.</summary>
    [Range(0.0, 1.0)]
    public double LongArithmetic { get; init; }
}
