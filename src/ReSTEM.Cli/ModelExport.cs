using ReSTEM.Models;

namespace ReSTEM.Cli;

/// <summary>Writes what was trained for other programs.</summary>
internal sealed class ModelExport
{
    private static readonly string[] FolderTypes = ["f32", "f16", "bf16"];
    private static readonly string[] FileTypes = [.. FolderTypes, "q8_0"];

    private readonly string _folder;
    private readonly bool _isAdapter, _isMerged;
    private readonly string? _type;

    /// <param name="folder">Of a model or an adapter.</param>
    /// <param name="isMerged">Whether an adapter is added into its base model's weights.</param>
    /// <param name="type">Of the stored numbers, as it was typed; null for F32.</param>
    /// <exception cref="UsageException">There is nothing to merge.</exception>
    internal ModelExport(string folder, bool isMerged, string? type)
    {
        (_folder, _isMerged, _type) = (folder, isMerged, type);
        _isAdapter = AdapterFolder.IsAdapter(folder);
        if (isMerged && !_isAdapter)
        {
            throw new UsageException($"--merge is given, expected it for adapters only: {folder} is a whole model.");
        }
    }

    /// <summary>A Hugging Face folder, or PEFT's for an adapter that is not merged.</summary>
    /// <returns>What was written.</returns>
    internal string ToFolder(string output)
    {
        var stored = TypeOf(FolderTypes) switch
        {
            "f16" => StoredType.F16,
            "bf16" => StoredType.BF16,
            _ => StoredType.F32,
        };
        if (!_isAdapter)
        {
            using var model = ModelFolder.Open(_folder);
            ModelFolder.SaveTrained(output, model, _folder, stored);
            return $"a Hugging Face folder in {stored}";
        }

        if (_isMerged)
        {
            Merged((weights, folder) => ModelFolder.SaveTrained(output, weights, folder, stored));
            return $"a Hugging Face folder in {stored}, the adapter merged into its base model";
        }

        if (_type is not null)
        {
            throw new UsageException($"--type is {_type}, expected none for an adapter that is not merged: its files are copied.");
        }

        AdapterFolder.Copy(_folder, output);
        return "a PEFT adapter; its base model stays where adapter_config.json says";
    }

    /// <summary>A GGUF file.</summary>
    /// <returns>What was written, and where llama.cpp may differ.</returns>
    internal string ToFile(string output, bool hasTokenizer)
    {
        var number = TypeOf(FileTypes) switch
        {
            "f16" => GgufType.F16,
            "bf16" => GgufType.BF16,
            "q8_0" => GgufType.Q8,
            _ => GgufType.F32,
        };
        if (_isAdapter && !_isMerged)
        {
            throw new UsageException($"{_folder} is an adapter, expected --merge with --format gguf: a GGUF file holds whole models only.");
        }

        IReadOnlyList<string> notes = [];
        if (_isAdapter)
        {
            Merged((weights, folder) => notes = GgufModel.Write(output, weights, folder, number, hasTokenizer));
        }
        else
        {
            using var model = ModelFolder.Open(_folder);
            notes = GgufModel.Write(output, model, _folder, number, hasTokenizer);
        }

        string tokenizer = hasTokenizer ? "" : ", for token ids only";
        return string.Join("\nnote: ", [$"a GGUF file in {TypeOf(FileTypes)}{tokenizer}", .. notes]);
    }

    private string TypeOf(string[] allowed)
    {
        string name = _type ?? "f32";
        return allowed.Contains(name) ? name : throw new UsageException($"--type is {name}, expected {string.Join(", ", allowed)}.");
    }

    private void Merged(Action<IWeightSource, string> write)
    {
        string folder = AdapterFolder.BaseFolder(_folder);
        using var model = ModelFolder.Open(folder);
        if (AdapterFolder.BaseSha256(_folder) is { } expected && ModelFolder.WeightsSha256(folder) is var actual && actual != expected)
        {
            throw new InvalidDataException($"{folder}: SHA-256 of the weights is {actual}, expected {expected}, which {_folder} was trained on.");
        }

        write(new MergedWeights(model, AdapterFolder.Read(_folder, model.Config)), folder);
    }
}
