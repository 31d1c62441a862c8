using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ReSTEM.Models;

/// <summary>A checkpoint on disk in Hugging Face's layout: config.json, model.safetensors (one file or shards with an index), tokenizer files.</summary>
public static class ModelFolder
{
    private const string WeightsName = "model.safetensors";
    private const string IndexName = "model.safetensors.index.json";

    private static readonly string[] Companions =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
        "tokenizer.model", "chat_template.jinja", "chat_template.json",
    ];

    /// <summary>Reads configuration and weights; buffers that old checkpoints store are left out.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others.</exception>
    public static ModelWeights Load(string folder)
    {
        ModelConfig config = ModelConfigReader.Read(folder);
        var tensors = new List<WeightTensor>();
        foreach (string path in WeightFiles(folder))
        {
            using var file = SafetensorsFile.Open(path);
            tensors.AddRange(file.Entries.Where(entry => !IsBuffer(entry.Name)).Select(file.Read));
        }

        try
        {
            return new ModelWeights(config, WithoutTiedHead(config, tensors));
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{folder}: {fault.Message}", fault);
        }
    }

    /// <summary>Checks names and shapes of the stored tensors against a configuration, without reading values.</summary>
    /// <exception cref="InvalidDataException">A file is missing or damaged, or tensors do not fit.</exception>
    public static void ThrowUnlessFitting(string folder, ModelConfig config)
    {
        var shapes = new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        foreach (string path in WeightFiles(folder))
        {
            using var file = SafetensorsFile.Open(path);
            foreach (SafetensorsEntry entry in file.Entries.Where(entry => !IsBuffer(entry.Name)))
            {
                shapes[entry.Name] = entry.Shape;
            }
        }

        if (config.TiedEmbeddings)
        {
            shapes.Remove(ModelLayout.Head); // some exporters store it too; loading compares it
        }

        try
        {
            ModelLayout.ThrowUnlessFitting(config, shapes);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{folder}: {fault.Message}", fault);
        }
    }

    /// <summary>Writes a model as a new folder, whole or not at all, in F32.</summary>
    /// <param name="folder">Must not exist, or be empty.</param>
    /// <param name="weights">What to write.</param>
    /// <param name="tokenizerFolder">Folder whose tokenizer files are copied along, or null.</param>
    /// <returns>The SHA-256 of the weights, as <see cref="WeightsSha256"/> gives it.</returns>
    /// <exception cref="IOException">The folder is not empty, or the disk is full.</exception>
    public static string Save(string folder, ModelWeights weights, string? tokenizerFolder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder); // throws unless it is empty
        }

        string partial = folder + ".partial";
        if (Directory.Exists(partial))
        {
            Directory.Delete(partial, recursive: true);
        }

        Directory.CreateDirectory(partial);
        ModelConfigWriter.Write(partial, weights.Config);
        if (tokenizerFolder is not null)
        {
            CopyTokenizer(tokenizerFolder, partial);
        }

        SafetensorsWriter.Write(Path.Combine(partial, WeightsName), weights.Tensors);
        string hash = WeightsSha256(partial);
        Directory.Move(partial, folder);
        return hash;
    }

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

    private static IReadOnlyList<string> WeightFiles(string folder)
    {
        string single = Path.Combine(folder, WeightsName);
        if (File.Exists(single))
        {
            return [single];
        }

        string index = Path.Combine(folder, IndexName);
        return File.Exists(index)
            ? [.. ShardNames(index).Select(name => Path.Combine(folder, name))]
            : throw new InvalidDataException($"{single} is missing, expected it or {IndexName}.");
    }

    private static string[] ShardNames(string index)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            string[] names =
            [
                .. document.RootElement.GetProperty("weight_map").EnumerateObject()
                    .Select(entry => entry.Value.GetString() ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ];
            return names.Length > 0 && Array.TrueForAll(names, name => IsShard(Path.GetDirectoryName(index)!, name))
                ? names
                : throw new InvalidDataException(
                    $"{index}: weight_map names {string.Join(", ", names)}, expected files of the same folder that exist.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{index} is not a weight index: {fault.Message}", fault);
        }
    }

    private static bool IsShard(string folder, string name) =>
        name.Length > 0 && name == Path.GetFileName(name) && File.Exists(Path.Combine(folder, name));

    private static bool IsBuffer(string name) => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    private static IEnumerable<WeightTensor> WithoutTiedHead(ModelConfig config, List<WeightTensor> tensors)
    {
        WeightTensor? head = tensors.Find(tensor => tensor.Name == ModelLayout.Head);
        WeightTensor? embedding = tensors.Find(tensor => tensor.Name == ModelLayout.Embedding);
        if (!config.TiedEmbeddings || head is null || embedding is null)
        {
            return tensors;
        }

        // Some exporters store the tied head too; a copy is no contradiction, anything else is.
        return head.Values.AsSpan().SequenceEqual(embedding.Values)
            ? tensors.Where(tensor => tensor != head)
            : throw new InvalidDataException(
                $"{ModelLayout.Head} differs from {ModelLayout.Embedding}, expected equal values where tie_word_embeddings is true.");
    }

    private static void CopyTokenizer(string source, string target)
    {
        IEnumerable<string> tokenizers = TokenizerFolder.FilesOf(source).Select(file => Path.GetFileName(file));
        foreach (string name in Companions.Where(name => File.Exists(Path.Combine(source, name))).Union(tokenizers))
        {
            File.Copy(Path.Combine(source, name), Path.Combine(target, name));
        }
    }
}
