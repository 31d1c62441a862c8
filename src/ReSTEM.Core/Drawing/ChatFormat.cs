namespace ReSTEM.Core;

/// <summary>Prompts through a model's chat template: what is rendered, and what must hold of the template for training to fit drawing.</summary>
/// <param name="model">Whose template, unless the options give one, and whose tokens.</param>
/// <param name="options">With chat options.</param>
public sealed class ChatFormat(ModelInfo model, PromptOptions options)
{
    // Stands for what the assistant says; no template holds it.
    private const string Said = "qzxvj";
    private const int Shown = 40;

    private static readonly Problem Probe = new() { Id = "probe", Task = TaskKind.Math, Prompt = "1 + 1 = ?" };

    private readonly ChatOptions _chat = options.Chat ?? throw new ArgumentException("options have no chat, expected some.", nameof(options));

    private int? _endTokenId;

    /// <summary>The token that the template writes after what the assistant says; trained on as the last of every completion.</summary>
    /// <exception cref="InvalidDataException">There is none, or drawing does not stop at it.</exception>
    public int EndTokenId => _endTokenId ??= FindEndToken();

    /// <summary>The prompt of one problem, special tokens written out.</summary>
    /// <exception cref="InvalidDataException">The model has no template, or it does not take the conversation.</exception>
    public string Render(Problem problem, bool isUntrained) => Render(options.Turns(problem, isUntrained), addGenerationPrompt: true);

    /// <summary>Checks what can be known of the template before anything is drawn.</summary>
    /// <exception cref="InvalidDataException">
    /// The template does not begin the assistant's turn, or writes the begin token twice, or ends the turn with a token that drawing
    /// does not stop at.
    /// </exception>
    public void ThrowUnlessUsable()
    {
        var turns = options.Turns(Probe, isUntrained: true);
        string prompt = Render(turns, addGenerationPrompt: true);
        if (prompt == Render(turns, addGenerationPrompt: false) && prompt != Parts(turns).Before)
        {
            throw new InvalidDataException(
                "the chat template renders the same with and without add_generation_prompt, expected it to begin the assistant's turn; " +
                "the model would not know that it is to answer. Give a template that does with prompt.chat_template.");
        }

        if (DoubleBegin(model, model.Encode(prompt, addSpecialTokens: false)) is { } twice)
        {
            throw new InvalidDataException($"the chat template writes the begin token {twice} twice, expected once.");
        }

        _ = EndTokenId;
    }

    /// <summary>Begin tokens that stand twice at the start of a prompt, in words; null for none.</summary>
    public static string? DoubleBegin(ModelInfo model, IReadOnlyList<int> prompt)
    {
        int[] begin = model.Encode("", addSpecialTokens: true);
        if (begin.Length == 0 && prompt.Count > 1 && prompt[0] == prompt[1] && model.BeginTokenId == prompt[0])
        {
            begin = [prompt[0]];
        }

        return begin.Length > 0 && prompt.Take(2 * begin.Length).SequenceEqual([.. begin, .. begin]) ? model.Show(begin) : null;
    }

    private string Render(IReadOnlyList<ChatTurn> turns, bool addGenerationPrompt) =>
        model.ChatRenderer.Render(_chat.Template, turns, addGenerationPrompt, _chat.Date);

    /// <summary>What the template writes before and after what the assistant says.</summary>
    private (string Before, string After) Parts(IReadOnlyList<ChatTurn> turns)
    {
        string text = Render([.. turns, new ChatTurn("assistant", Said)], addGenerationPrompt: false);
        int said = text.LastIndexOf(Said, StringComparison.Ordinal);
        return said >= 0
            ? (text[..said], text[(said + Said.Length)..])
            : throw new InvalidDataException("the chat template does not write what the assistant says, expected it to.");
    }

    // What is no token of its own is known by more of it.
    private static string Whole(string after, string token)
    {
        string line = after.Trim().Split('\n')[0];
        return line == token || line.Length == 0 ? "" : $", of '{(line.Length <= Shown ? line : line[..Shown] + "...")}'";
    }

    private int FindEndToken()
    {
        string after = Parts(options.Turns(Probe, isUntrained: true)).After;
        int[] ids = model.Encode(after, addSpecialTokens: false);
        int first = Array.FindIndex(ids, id => model.Show([id]) is var text && (text.Length == 0 || !string.IsNullOrWhiteSpace(text)));
        if (first < 0)
        {
            throw new InvalidDataException(
                "the chat template writes nothing after what the assistant says, expected an end token: the model would not learn to stop.");
        }

        return model.EndTokenIds.Contains(ids[first]) ? ids[first] : throw new InvalidDataException(
            $"the chat template ends the assistant's turn with '{model.Show([ids[first]])}' (token {ids[first]}{Whole(after, model.Show([ids[first]]))}), expected a token that drawing stops at: " +
            $"{(model.EndTokenIds.Count == 0 ? "none is named" : string.Join(", ", model.EndTokenIds.Select(id => $"'{model.Show([id])}' ({id})")))}. " +
            "Add it to eos_token_id in generation_config.json.");
    }
}
