namespace ReSTEM.Core;

/// <summary>What labelled texts are asked of a language model, and how.</summary>
/// <remarks>
/// Li et al. 2023, arXiv:2310.07849, section 3: a context prompt says who writes where, a data prompt asks for one text of a label; few-shot shows real
/// texts of the label in the data prompt, drawn anew for each.
/// </remarks>
public sealed record SynthesisOptions
{
    /// <summary>Where the data prompt says the label.</summary>
    public const string LabelSlot = "label";

    /// <summary>Where the data prompt shows the real texts.</summary>
    public const string ExamplesSlot = "examples";

    /// <summary>Where the text takes what the model wrote.</summary>
    public const string CompletionSlot = "completion";

    /// <summary>Keys attributes, examples and tokens.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The labels, at least two, each with how prompts call it; texts are made for them in this order.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; }

    /// <summary>The context prompt; empty for none. In a chat it is what the system says, else it stands before the data prompt.</summary>
    public string Context { get; init; } = "";

    /// <summary>The data prompt, with slots for label, attributes and examples.</summary>
    public required string DataPrompt { get; init; }

    /// <summary>The text that is made, with a slot for the completion; more than that where the data prompt ends with the text's beginning.</summary>
    public string Text { get; init; } = "{" + CompletionSlot + "}";

    /// <summary>What varies from prompt to prompt: for each attribute its values, one of which is drawn.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Attributes { get; init; } = [];

    /// <summary>Real texts shown; null for a zero-shot prompt.</summary>
    public RealExamples? Examples { get; init; }

    /// <summary>Texts made for each label, at least 1.</summary>
    public required int PerLabel { get; init; }

    /// <summary>A completion that repeats so many words of its prompt in a row is a leak of it, and removed; at least 2.</summary>
    public int LeakWords { get; init; } = 8;

    /// <summary>Rounds of drawing at most, at least 1: in each what is missing is drawn anew. A finished synthesis does not depend on it.</summary>
    public int Rounds { get; init; } = 20;

    /// <summary>How completions are drawn.</summary>
    public required SamplingOptions Sampling { get; init; }

    /// <summary>How a prompt is given to the model; in a chat with the context as what the system says.</summary>
    public PromptOptions Prompt { get; init; } = new();
}

/// <summary>A text that a person wrote and labelled.</summary>
/// <param name="Id">Names it in the provenance of what is made after it.</param>
/// <param name="Text">The text.</param>
/// <param name="Label">One of the labels.</param>
public sealed record RealText(string Id, string Text, string Label);

/// <summary>Real texts for few-shot prompts.</summary>
/// <param name="Texts">All that may be shown; each label has at least <paramref name="Count"/>.</param>
/// <param name="Count">How many are shown in a prompt, all different, at least 1.</param>
/// <param name="Template">Around each, with a slot <c>{text}</c>.</param>
/// <param name="Separator">Between them.</param>
public sealed record RealExamples(IReadOnlyList<RealText> Texts, int Count, string Template, string Separator)
{
    /// <summary>Where the template holds the text.</summary>
    public const string TextSlot = "text";
}
