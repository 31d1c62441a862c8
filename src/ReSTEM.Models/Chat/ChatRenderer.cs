using System.Collections.Concurrent;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Templates;

namespace ReSTEM.Models;

/// <summary>Renders conversations for the model of a folder. The templates are read when they are first used.</summary>
/// <param name="folder">A Hugging Face folder.</param>
public sealed class ChatRenderer(string folder) : IChatRenderer
{
    private readonly ConcurrentDictionary<string, ChatTemplate> _given = new(StringComparer.Ordinal);
    private readonly Lazy<ChatTemplate> _own = new(() => ChatTemplate.Load(folder));
    private readonly Lazy<IReadOnlyDictionary<string, JsonElement>> _tokens = new(() => ChatTemplateFiles.SpecialTokens(folder));

    /// <inheritdoc/>
    public string Digest(ChatTemplateText? template)
    {
        using var digest = new ContentDigest();
        digest.Add(Template(template).Text);
        foreach (var (name, value) in _tokens.Value.OrderBy(token => token.Key, StringComparer.Ordinal))
        {
            digest.Add(name);
            digest.Add(value.GetRawText());
        }

        return digest.Finish();
    }

    /// <inheritdoc/>
    public string Render(ChatTemplateText? template, IReadOnlyList<ChatTurn> turns, bool addGenerationPrompt, DateOnly? date)
    {
        var variables = new Dictionary<string, JsonElement>
        {
            ["messages"] = JsonSerializer.SerializeToElement(turns.Select(turn => new { role = turn.Role, content = turn.Content })),
            ["add_generation_prompt"] = JsonSerializer.SerializeToElement(addGenerationPrompt),
        };
        return Template(template).Render(variables, () => date is { } day
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : throw new TemplateException("the template writes today's date, which would change prompts from day to day; give one with prompt.date."));
    }

    private ChatTemplate Template(ChatTemplateText? template) => template is null
        ? _own.Value
        : _given.GetOrAdd(template.Text, _ => ChatTemplate.Parse(template, _tokens.Value));
}
