using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>How a problem file is read.</summary>
public sealed record ProblemReadOptions
{
    /// <summary>Form of the file.</summary>
    public ProblemFormat Format { get; init; } = ProblemFormat.Auto;

    /// <summary>Has every problem judged as this task rather than its data set's own; null leaves it.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>The task of rows of one's own that do not say it; null refuses them.</summary>
    public TaskKind? TaskWhereMissing { get; init; }

    /// <summary>What the fields of own data are called; null for the names that they have here.</summary>
    public FieldNames? Fields { get; init; }

    /// <summary>The labels of problems that are classified, each with what the model says for it; null for those of the rows.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Takes GSM8K's calculator marks, such as <c>&lt;&lt;3*4=12&gt;&gt;</c>, out of the solutions.</summary>
    public bool RemoveCalculatorMarks { get; init; }
}
