namespace ReSTEM.Core;

/// <summary>How prompts are made where the model is talked to through its chat template.</summary>
public sealed record ChatOptions
{
    /// <summary>What the system says first; empty for no such turn.</summary>
    public string System { get; init; } = "";

    /// <summary>The template in place of the model's own; null takes that.</summary>
    public ChatTemplateText? Template { get; init; }

    /// <summary>The date that templates may write; null where none does.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>What of a model decides prompts besides its tokenizer: the template that is used, and the special tokens that it sees.</summary>
    /// <exception cref="InvalidDataException">There is no template, or it cannot be read.</exception>
    public string DigestFor(ModelInfo model) => model.ChatRenderer.Digest(Template);
}
