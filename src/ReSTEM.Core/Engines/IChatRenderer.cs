namespace ReSTEM.Core;

/// <summary>Turns conversations into the text that a model takes, by a chat template. Safe for several threads.</summary>
public interface IChatRenderer
{
    /// <summary>What decides the text besides the conversation: the template and the special tokens that it sees.</summary>
    /// <param name="template">In place of the model's own; null takes that.</param>
    /// <exception cref="InvalidDataException">There is no template, or it cannot be read.</exception>
    string Digest(ChatTemplateText? template);

    /// <summary>The text of a conversation, special tokens written out.</summary>
    /// <param name="template">In place of the model's own; null takes that.</param>
    /// <param name="turns">What was said.</param>
    /// <param name="addGenerationPrompt">Whether the next turn of the assistant is begun.</param>
    /// <param name="date">For templates that write the date; null where there is none.</param>
    /// <exception cref="InvalidDataException">There is no template, or it cannot be read or does not take the conversation.</exception>
    string Render(ChatTemplateText? template, IReadOnlyList<ChatTurn> turns, bool addGenerationPrompt, DateOnly? date);
}

/// <summary>What one side said.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">What was said.</param>
public sealed record ChatTurn(string Role, string Content);

/// <summary>A chat template before it is read.</summary>
/// <param name="Name">Where it is from, for messages.</param>
/// <param name="Text">The template.</param>
public sealed record ChatTemplateText(string Name, string Text);
