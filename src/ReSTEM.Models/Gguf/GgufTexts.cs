using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>What the files beside tokenizer.json say: which tokens begin, end and pad, and the chat template.</summary>
internal sealed class GgufTexts
{
    private const string ConfigName = "tokenizer_config.json";

    private readonly JsonElement _config;
    private readonly string _folder;

    private GgufTexts(string folder, JsonElement config) => (_folder, _config) = (folder, config);

    /// <exception cref="InvalidDataException">A file is not readable.</exception>
    internal static GgufTexts Read(string folder)
    {
        string path = Path.Combine(folder, ConfigName);
        return new GgufTexts(folder, File.Exists(path) ? Parse(path) : Parse("{}"u8.ToArray(), path));
    }

    /// <summary>The text of a token such as <c>eos_token</c>, which is written as such or as an object; null if it is not there.</summary>
    internal string? Token(string key)
    {
        if (!_config.TryGetProperty(key, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out JsonElement content))
        {
            value = content;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>The chat template, of its own file before the configuration's; of several the one called default. Null if there is none.</summary>
    internal string? ChatTemplate()
    {
        string own = Path.Combine(_folder, "chat_template.jinja");
        if (File.Exists(own))
        {
            return File.ReadAllText(own);
        }

        string json = Path.Combine(_folder, "chat_template.json");
        var holder = File.Exists(json) ? Parse(json) : _config;
        if (!holder.TryGetProperty("chat_template", out JsonElement template))
        {
            return null;
        }

        return template.ValueKind switch
        {
            JsonValueKind.String => template.GetString(),
            JsonValueKind.Array => template.EnumerateArray()
                .Where(static item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out JsonElement name) && name.ValueEquals("default"))
                .Select(static item => item.GetProperty("template").GetString()).FirstOrDefault(),
            _ => null,
        };
    }

    private static JsonElement Parse(string path) => Parse(File.ReadAllBytes(path), path);

    private static JsonElement Parse(byte[] json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new InvalidDataException($"{path}: the content is {document.RootElement.ValueKind}, expected an object.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is not readable JSON: {JsonFault.Of(fault, json)}.", fault);
        }
    }
}
