using System.ComponentModel.DataAnnotations;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>The configuration of <c>restem synth</c>: labelled texts from a language model. Relative paths are relative to the file.</summary>
public sealed record SynthConfig
{
    /// <summary>Names the run folder, <c>runs/NAME</c>; the texts are in its file <c>synthetic.jsonl</c>.</summary>
    [RegularExpression(RunConfigRules.NamePattern)]
    public required string Name { get; init; }

    /// <summary>Keys attributes, examples and tokens.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>Hugging Face folder of the model that writes.</summary>
    [Place]
    public required string Generator { get; init; }

    /// <summary>The labels by name, each with how prompts call it.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The context prompt: who writes, where, for whom. In a chat it is what the system says, else it stands before the data prompt.</summary>
    public string Context { get; init; } = "";

    /// <summary>The data prompt: asks for one text. Holds <c>{label}</c> or attributes, and with few_shot <c>{examples}</c>.</summary>
    public required string DataPrompt { get; init; }

    /// <summary>The text that is made; more than <c>{completion}</c> where the data prompt ends with the text's beginning.</summary>
    public string Text { get; init; } = "{completion}";

    /// <summary>What varies from prompt to prompt: of each attribute one value is drawn, for the slot of its name.</summary>
    public IReadOnlyList<SynthAttribute> Attributes { get; init; } = [];

    /// <summary>Shows real texts of the label in each prompt; absent for zero-shot.</summary>
    public SynthExamples? FewShot { get; init; }

    /// <summary>Texts made for each label.</summary>
    [Range(1, 1_000_000)]
    public int PerLabel { get; init; } = 100;

    /// <summary>A completion that repeats so many words of its prompt in a row is removed as a leak of it.</summary>
    [Range(2, 1000)]
    public int LeakWords { get; init; } = 8;

    /// <summary>How texts are drawn.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>How a prompt is given to the model; the separator stands between context and data prompt.</summary>
    public PromptConfig Prompt { get; init; } = new();

    /// <summary>
    /// Hugging Face folder of a model by whose embeddings, the mean of a text's last hidden states, diversity is measured too; empty measures by words alone.
    /// </summary>
    [Place]
    public string Embedder { get; init; } = "";

    /// <summary>When to give up.</summary>
    public SynthLimits Limits { get; init; } = new();

    /// <summary>What computes, and how its work is spread.</summary>
    public EngineConfig Engine { get; init; } = new();
}

/// <summary>Something that varies from prompt to prompt.</summary>
public sealed record SynthAttribute
{
    /// <summary>Name of its slot: lower-case letters, digits and underscores.</summary>
    [RegularExpression("[a-z][a-z0-9_]*")]
    public required string Name { get; init; }

    /// <summary>What may stand there.</summary>
    public required IReadOnlyList<string> Values { get; init; }
}

/// <summary>Real texts that are shown.</summary>
public sealed record SynthExamples
{
    /// <summary>File of rows with <c>text</c> and <c>target</c> (or <c>label</c>): a label, probabilities of labels, or annotations.</summary>
    [Place]
    public required string File { get; init; }

    /// <summary>How many texts of the label are shown in a prompt; drawn anew for each prompt.</summary>
    [Range(1, 1000)]
    public int Count { get; init; } = 3;

    /// <summary>Around each text; holds <c>{text}</c> once.</summary>
    public string Template { get; init; } = "{text}";

    /// <summary>Between texts.</summary>
    public string Separator { get; init; } = "\n";
}

/// <summary>When to give up. What a finished synthesis gives does not depend on it.</summary>
public sealed record SynthLimits : IChangesSpeedOnly
{
    /// <summary>Rounds of drawing; in each what is still missing is drawn anew.</summary>
    [Range(1, RandomStream.MaxIteration)]
    public int Rounds { get; init; } = 20;
}
