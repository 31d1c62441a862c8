using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReSTEM.Core;
using ReSTEM.Tokenizers;

namespace ReSTEM.Models;

/// <summary>A checkpoint on disk in Hugging Face's layout: config.json, model.safetensors (one file or shards with an index), tokenizer files.</summary>
public static class ModelFolder
{
    private const string WeightsName = "model.safetensors";
    private const string IndexName = "model.safetensors.index.json";

    private static readonly string[] DtypeKeys = ["torch_dtype", "dtype"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private static readonly string[] Companions =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
        "tokenizer.model", "chat_template.jinja", "chat_template.json",
    ];

    /// <summary>Opens configuration and weights for reading; buffers that old checkpoints store are left out.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others.</exception>
    public static StoredModel Open(string folder)
    {
        var model = StoredModel.Open(folder, ModelConfigReader.Read(folder));
        bool isTied = false;
        try
        {
            model.ThrowUnlessTied();
            isTied = true;
            return model;
        }
        finally
        {
            if (!isTied)
            {
                model.Dispose();
            }
        }
    }

    /// <summary>Reads configuration and weights into memory.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others, or a number is not finite.</exception>
    public static ModelWeights Load(string folder)
    {
        using var model = Open(folder);
        return ModelWeights.Copy(model);
    }

    /// <summary>Checks names and shapes of the stored tensors against a configuration, without reading values.</summary>
    /// <exception cref="InvalidDataException">A file is missing or damaged, or tensors do not fit.</exception>
    public static void ThrowUnlessFitting(string folder, ModelConfig config) => StoredModel.Open(folder, config).Dispose();

    /// <summary>Writes a model that is made here as a new folder, whole or not at all, in F32.</summary>
    /// <param name="folder">Must not exist, or be empty.</param>
    /// <param name="weights">What to write.</param>
    /// <param name="tokenizerFolder">Folder whose tokenizer files are copied along, or null.</param>
    /// <returns>The SHA-256 of the weights, as <see cref="WeightsSha256"/> gives it.</returns>
    /// <exception cref="IOException">The folder is not empty, or the disk is full.</exception>
    public static string Save(string folder, IWeightSource weights, string? tokenizerFolder) => Save(folder, weights, StoredType.F32, partial =>
    {
        ModelConfigWriter.Write(partial, weights.Config);
        if (tokenizerFolder is not null)
        {
            CopyFiles(tokenizerFolder, partial, TokenizerFiles(tokenizerFolder));
        }
    });

    /// <summary>Writes a model that was trained from another as a new folder, whole or not at all, with the other's files.</summary>
    /// <param name="folder">Must not exist, or be empty.</param>
    /// <param name="weights">What to write.</param>
    /// <param name="baseFolder">Whose configuration and tokenizer go along.</param>
    /// <param name="type">Of the stored numbers.</param>
    /// <returns>The SHA-256 of the weights, as <see cref="WeightsSha256"/> gives it.</returns>
    /// <exception cref="IOException">The folder is not empty, or the disk is full.</exception>
    public static string SaveTrained(string folder, IWeightSource weights, string baseFolder, StoredType type = StoredType.F32) => Save(folder, weights, type, partial =>
    {
        CopyFiles(baseFolder, partial, ["generation_config.json", .. TokenizerFiles(baseFolder)]);
        File.WriteAllBytes(Path.Combine(partial, "config.json"), WithType(File.ReadAllBytes(Path.Combine(baseFolder, "config.json")), type));
    });

    private static string Save(string folder, IWeightSource weights, StoredType type, Action<string> addFiles) =>
        NewFolder.Write(folder, partial =>
        {
            addFiles(partial);
            SafetensorsWriter.Write(Path.Combine(partial, WeightsName), weights, type);
            return WeightsSha256(partial);
        });

    /// <summary>
    /// Lower-case hexadecimal SHA-256 of the weights file; for shards, of the text of their hashes in order of their names, one a line.
    /// </summary>
    /// <exception cref="InvalidDataException">There are no weights, or the index is damaged.</exception>
    public static string WeightsSha256(string folder)
    {
        string[] hashes = [.. WeightFiles(folder).Select(HashOf)];
        return hashes.Length == 1
            ? hashes[0]
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', hashes) + "\n")));
    }

    private static string HashOf(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    internal static IReadOnlyList<string> WeightFiles(string folder)
    {
        string single = Path.Combine(folder, WeightsName);
        if (File.Exists(single))
        {
            return [single];
        }

        string index = Path.Combine(folder, IndexName);
        return File.Exists(index)
            ? [.. ShardNames(index).Select(name => Path.Combine(folder, name))]
            : throw new InvalidDataException($"{single} is missing, expected it or {IndexName}.{FolderContent.InsteadOfWeights(folder)}");
    }

    private static string[] ShardNames(string index)
    {
        byte[] bytes = File.ReadAllBytes(index);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("weight_map", out JsonElement map)
                || map.ValueKind != JsonValueKind.Object || !map.EnumerateObject().Any()
                || map.EnumerateObject().Any(static entry => entry.Value.ValueKind != JsonValueKind.String))
            {
                throw new InvalidDataException($"{index}: weight_map is not there, expected an object with the shard's name for each tensor.");
            }

            string[] names = [.. map.EnumerateObject().Select(entry => entry.Value.GetString()!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            string[] missing = [.. names.Where(name => !IsShard(Path.GetDirectoryName(index)!, name))];
            return missing.Length == 0 ? names : throw new InvalidDataException(
                $"{index}: weight_map names {string.Join(", ", missing)}, expected {(missing.Length == 1 ? "a file" : "files")} of the same folder; {names.Length - missing.Length} of {names.Length} shards are there.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{index} is not a weight index: {JsonFault.Of(fault, bytes)}.", fault);
        }
    }

    private static bool IsShard(string folder, string name) =>
        name.Length > 0 && name == Path.GetFileName(name) && File.Exists(Path.Combine(folder, name));

    private static string[] TokenizerFiles(string folder) =>
        [.. Companions.Union(TokenizerFolder.FilesOf(folder).Select(file => Path.GetFileName(file)))];

    private static void CopyFiles(string source, string target, string[] names)
    {
        foreach (string name in names.Where(name => File.Exists(Path.Combine(source, name))))
        {
            File.Copy(Path.Combine(source, name), Path.Combine(target, name));
        }
    }

    /// <summary>A configuration with the type of the stored numbers that is written here; everything else as it was.</summary>
    private static byte[] WithType(byte[] config, StoredType type)
    {
        string name = type switch
        {
            StoredType.F16 => "float16",
            StoredType.BF16 => "bfloat16",
            _ => "float32",
        };
        var json = JsonNode.Parse(config)!.AsObject();
        string[] keys = [.. DtypeKeys.Where(key => json.ContainsKey(key) && json[key]?.ToString() != name)];
        if (keys.Length == 0)
        {
            return config;
        }

        foreach (string key in keys)
        {
            json[key] = name;
        }

        return [.. Encoding.UTF8.GetBytes(json.ToJsonString(Indented)), (byte)'\n'];
    }
}
