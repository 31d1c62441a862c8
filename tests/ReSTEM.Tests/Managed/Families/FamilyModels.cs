using System.Text.Json;
using System.Text.Json.Nodes;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>Small random models of every decoder family and its variants, as published folders have them.</summary>
internal static class FamilyModels
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Names for test output, and the contents of config.json.</summary>
    internal static IReadOnlyList<(string Name, JsonObject Config)> All { get; } =
        [.. LlamaConfigs.All, .. QwenConfigs.All, .. GemmaConfigs.All, .. OtherConfigs.All];

    /// <summary>Writes config.json and model.safetensors; the same seed gives the same bytes.</summary>
    internal static void Write(string folder, JsonObject config, ulong seed)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString(Indented));
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), new FamilyWeights(config, seed).All());
    }

    /// <summary>All tensors of a folder, whatever number of files they are in, by their names there.</summary>
    internal static IReadOnlyDictionary<string, PlainTensor> Read(string folder)
    {
        Dictionary<string, PlainTensor> tensors = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*.safetensors").Order(StringComparer.Ordinal))
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            foreach (SafetensorsEntry entry in file.Entries)
            {
                float[] values = new float[entry.ValueCount];
                file.Read(entry, 0, values);
                tensors.Add(entry.Name, new PlainTensor([.. entry.Shape], [.. values.Select(value => (double)value)]));
            }
        }

        return tensors;
    }

    /// <summary>A config with some keys replaced or added, sorted by key as <c>transformers</c> writes them.</summary>
    internal static JsonObject With(string config, string changes)
    {
        JsonObject merged = JsonNode.Parse(config)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
        {
            merged[key] = value?.DeepClone();
        }

        return new JsonObject(merged
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
    }
}
