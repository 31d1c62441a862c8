using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>What a model folder says of its chat template.</summary>
internal static class ChatTemplateFiles
{
    internal const string TemplateName = "chat_template.jinja";
    internal const string ConfigName = "tokenizer_config.json";
    private const string MapName = "special_tokens_map.json";
    private const string DefaultName = "default";
    private const string ToolName = "tool_use";

    /// <summary>The template; a file of its own comes before the tokenizer's configuration. Null where there is neither.</summary>
    /// <exception cref="InvalidDataException">A file cannot be read.</exception>
    internal static ChatTemplateText? Find(string folder, bool withTools)
    {
        string file = Path.Combine(folder, TemplateName);
        if (File.Exists(file))
        {
            return ChatTemplateText.Read(file);
        }

        string path = Path.Combine(folder, ConfigName);
        return ReadConfig(path).TryGetValue("chat_template", out JsonElement template) ? template.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => new ChatTemplateText($"{path}: chat_template", template.GetString()!),
            JsonValueKind.Array => Choose(path, template, withTools),
            _ => throw new InvalidDataException($"{path}: chat_template is {template.ValueKind}, expected a text, or a list of name and template."),
        } : null;
    }

    /// <summary>
    /// The special tokens that a template sees by name: those that the configuration sets, and for names that it leaves out those of
    /// the older special_tokens_map.json.
    /// </summary>
    /// <exception cref="InvalidDataException">A file cannot be read.</exception>
    internal static IReadOnlyDictionary<string, JsonElement> SpecialTokens(string folder)
    {
        var tokens = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var older = ReadConfig(Path.Combine(folder, MapName));
        foreach (var (name, value) in older.Concat(ReadConfig(Path.Combine(folder, ConfigName))))
        {
            if (name.EndsWith("_token", StringComparison.Ordinal) && Content(value) is { } token)
            {
                tokens[name] = token;
            }
            else if (name == "additional_special_tokens" && value.ValueKind is JsonValueKind.Array)
            {
                tokens[name] = JsonSerializer.SerializeToElement(value.EnumerateArray().Select(Content).OfType<JsonElement>().ToArray());
            }
        }

        return tokens;
    }

    private static ChatTemplateText Choose(string path, JsonElement list, bool withTools)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonElement entry in list.EnumerateArray())
        {
            if (entry.ValueKind is JsonValueKind.Object && Text(entry, "name") is { } name && Text(entry, "template") is { } template)
            {
                named[name] = template;
            }
        }

        string wanted = withTools && named.ContainsKey(ToolName) ? ToolName : DefaultName;
        return named.TryGetValue(wanted, out string? text)
            ? new ChatTemplateText($"{path}: chat_template '{wanted}'", text)
            : throw new InvalidDataException($"{path}: chat_template has the names {string.Join(", ", named.Keys)}, expected '{DefaultName}'.");
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    // A token is a text, or an object that holds one.
    private static JsonElement? Content(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value,
        JsonValueKind.Object when value.TryGetProperty("content", out JsonElement content) && content.ValueKind is JsonValueKind.String => content,
        _ => null,
    };

    private static Dictionary<string, JsonElement> ReadConfig(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? document.RootElement.EnumerateObject().DistinctBy(property => property.Name).ToDictionary(property => property.Name, property => property.Value.Clone())
                : throw new InvalidDataException($"{path}: the content is {document.RootElement.ValueKind}, expected an object.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is not readable JSON: {JsonFault.Of(fault, bytes)}.", fault);
        }
    }
}
