using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Templates;

namespace ReSTEM.Models;

/// <summary>A model's chat template: turns a conversation into the text that the model takes. Safe for several threads.</summary>
public sealed class ChatTemplate
{
    private static readonly JsonElement Null = JsonSerializer.SerializeToElement<object?>(null);
    private static readonly JsonElement False = JsonSerializer.SerializeToElement(false);

    private readonly IReadOnlyDictionary<string, JsonElement> _specialTokens;
    private readonly JinjaTemplate _template;

    private ChatTemplate(string name, string text, IReadOnlyDictionary<string, JsonElement> specialTokens)
    {
        Text = text;
        _specialTokens = specialTokens;
        _template = JinjaTemplate.Parse(name, text);
    }

    /// <summary>The template as it stands in its file.</summary>
    public string Text { get; }

    /// <summary>The template of a model folder.</summary>
    /// <param name="folder">A Hugging Face folder.</param>
    /// <param name="withTools">Whether a conversation with tools is to be rendered, for which a model may have another template.</param>
    /// <exception cref="InvalidDataException">There is none, or it cannot be read.</exception>
    public static ChatTemplate Load(string folder, bool withTools = false) => Find(folder, withTools) ?? throw new InvalidDataException(
        $"{folder} has no chat template, expected {ChatTemplateFiles.TemplateName}, or chat_template in {ChatTemplateFiles.ConfigName}.");

    /// <summary>The template of a model folder; null where it has none.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static ChatTemplate? Find(string folder, bool withTools = false) => ChatTemplateFiles.Find(folder, withTools) is { } found
        ? Parse(found, ChatTemplateFiles.SpecialTokens(folder))
        : null;

    /// <summary>Reads a template.</summary>
    /// <param name="template">The text, and where it is from.</param>
    /// <param name="specialTokens">Variables that it always sees, for example <c>bos_token</c>.</param>
    /// <exception cref="InvalidDataException">The text is no template; the message has line and column.</exception>
    public static ChatTemplate Parse(ChatTemplateText template, IReadOnlyDictionary<string, JsonElement> specialTokens) =>
        new(template.Name, template.Text, specialTokens);

    /// <summary>Renders a conversation.</summary>
    /// <param name="variables">
    /// At least <c>messages</c>; besides what the template knows, for example <c>add_generation_prompt</c> and <c>tools</c>.
    /// </param>
    /// <param name="today">The time that <c>strftime_now</c> writes.</param>
    /// <exception cref="InvalidDataException">The template raises an error or asks for what cannot be; the message has line and column.</exception>
    public string Render(IEnumerable<KeyValuePair<string, JsonElement>> variables, Func<DateTimeOffset> today)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["tools"] = Null,
            ["documents"] = Null,
            ["add_generation_prompt"] = False,
        };
        foreach (var (name, value) in _specialTokens.Concat(variables))
        {
            values[name] = value;
        }

        return _template.Render(values, today);
    }
}
