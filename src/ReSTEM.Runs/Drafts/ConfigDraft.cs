using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>What a first configuration is made of: what flags said, and what a look at model and data told.</summary>
public sealed record ConfigDraft
{
    /// <summary>Name of the run.</summary>
    public required string Name { get; init; }

    /// <summary>What is asked for.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>Folder that the configuration lies in; paths in it begin there.</summary>
    public required string Home { get; init; }

    /// <summary>Folder of the base model.</summary>
    public required string Base { get; init; }

    /// <summary>The base model.</summary>
    public required ModelInfo Model { get; init; }

    /// <summary>Whether the model is talked to through its chat template.</summary>
    public required bool Chat { get; init; }

    /// <summary>Files that are trained on.</summary>
    public required IReadOnlyList<DataLook> Train { get; init; }

    /// <summary>Files of the validation; none for a share of the training problems.</summary>
    public required IReadOnlyList<DataLook> Validation { get; init; }

    /// <summary>Files that are measured; none for a share of the training problems.</summary>
    public required IReadOnlyList<DataLook> Test { get; init; }

    /// <summary>Share of the training problems for each set without files, in (0, 0.5).</summary>
    public required double Share { get; init; }

    /// <summary>Where editors find the schema; empty where it is not there.</summary>
    public required string Schema { get; init; }

    /// <summary>Text around a problem; empty chooses one for the kind.</summary>
    public required string Template { get; init; }

    /// <summary>Text around a problem, as it is used.</summary>
    internal string UsedTemplate => Template.Length > 0 ? Template : (Kind, Chat) switch
    {
        (TaskKind.Math, true) => "{prompt}\n\nThink step by step, and put the final answer in \\boxed{}.",
        (TaskKind.Math, false) => "Question: {prompt}\nAnswer:",
        (TaskKind.Choice, true) => "{prompt}\n\nEnd with: The answer is X.",
        (TaskKind.Choice, false) => "Question: {prompt}\nAnswer:",
        _ => "{prompt}",
    };

    /// <summary>Text at which a completion ends, before the model begins a problem of its own; empty where the turn's end is the end.</summary>
    internal string Stop => Chat || Kind is TaskKind.Code || Template.Length > 0 ? "" : "\nQuestion:";

    /// <summary>All files.</summary>
    public IEnumerable<DataLook> Looks => Train.Concat(Validation).Concat(Test);
}
