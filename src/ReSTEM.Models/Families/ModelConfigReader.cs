using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>Reads <c>config.json</c> and <c>generation_config.json</c>; every key that changes the mathematics is honoured or refused by name.</summary>
public static class ModelConfigReader
{
    /// <summary>The configuration of a Hugging Face folder.</summary>
    /// <exception cref="InvalidDataException">
    /// A file is missing or unreadable, or asks for what is not computed; the message names every such key.
    /// </exception>
    public static ModelConfig Read(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is missing, expected a Hugging Face model folder.{FolderContent.InsteadOfModel(folder)}");
        }

        ModelConfig config = Parse(path, File.ReadAllBytes(path));
        string generation = Path.Combine(folder, "generation_config.json");
        if (!File.Exists(generation))
        {
            return config;
        }

        int[] ends = ReadObject(generation, json => json.TokenIds("eos_token_id", config.VocabularySize));
        return ends.Length == 0 ? config : config with { EndTokenIds = ends };
    }

    /// <summary>The configuration in the bytes of a file.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="json">Its content.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    internal static ModelConfig Parse(string path, byte[] json) => ReadObject(path, json, FamilyConfig.Parse);

    internal static T ReadObject<T>(string path, Func<ConfigJson, T> read) => ReadObject(path, File.ReadAllBytes(path), read);

    private static T ReadObject<T>(string path, byte[] bytes, Func<ConfigJson, T> read)
    {
        var faults = new List<string>();
        T result;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidDataException($"{path}: the content is {document.RootElement.ValueKind}, expected an object.");
            }

            result = read(new ConfigJson(document.RootElement, "", faults));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is not readable JSON: {JsonFault.Of(fault, bytes)}.", fault);
        }

        return faults.Count == 0 ? result : throw new InvalidDataException($"{path}: {string.Join("; ", faults)}.");
    }
}
