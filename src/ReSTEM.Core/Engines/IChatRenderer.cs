using System.Text;

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
public sealed record ChatTemplateText(string Name, string Text)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a template file, which is UTF-8 as transformers has it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is not UTF-8.</exception>
    public static ChatTemplateText Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            string text = bytes.Contains((byte)0) ? throw new DecoderFallbackException() : Strict.GetString(bytes);
            return new ChatTemplateText(path, text.TrimStart('\uFEFF'));
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException(
                $"{path} is no UTF-8 text (UTF-16?), expected a chat template in UTF-8; convert it: iconv -f UTF-16 -t UTF-8 {path}");
        }
    }
}
