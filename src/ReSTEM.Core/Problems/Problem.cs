namespace ReSTEM.Core;

/// <summary>One training or evaluation task: what the model sees and what its completion is judged against.</summary>
public sealed record Problem
{
    /// <summary>Unique within a problem set; names the problem in the ledger and keys its random numbers.</summary>
    public required string Id { get; init; }

    /// <summary>Which verifier judges completions.</summary>
    public required TaskKind Task { get; init; }

    /// <summary>The text given to the model, before any few-shot prefix or template.</summary>
    public required string Prompt { get; init; }

    /// <summary>The right answer; empty for code problems, whose tests take its place.</summary>
    public string Reference { get; init; } = "";

    /// <summary>The labels that a <see cref="TaskKind.Choice"/> answer is one of; empty when any exact text may be right.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>A human-written solution, or what a model says for the hard label, when the data set has one; used for supervised fine-tuning and few-shot prompts.</summary>
    public string Solution { get; init; } = "";

    /// <summary>The tests of a <see cref="TaskKind.Code"/> problem; null for every other task.</summary>
    public CodeTests? Tests { get; init; }

    /// <summary>The labels of a <see cref="TaskKind.Classify"/> problem; null for every other task.</summary>
    public LabelTarget? Target { get; init; }

    /// <summary>Everything else the data set said: level, type, source. Never shown to the model.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = EmptyMetadata;

    private static readonly Dictionary<string, string> EmptyMetadata = [];
}
