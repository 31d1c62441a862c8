using ReSTEM.Core;

namespace ReSTEM.Models;

/// <summary>Says what lies where a model was expected, and what to do about it.</summary>
internal static class FolderContent
{
    private static readonly string[] PickleEndings = [".bin", ".pt", ".pth", ".ckpt"];

    /// <summary>What is there in place of a model folder's configuration; begins with a blank, and is empty where nothing can be said.</summary>
    internal static string InsteadOfModel(string folder)
    {
        if (File.Exists(folder))
        {
            return $" It is a file{(FileSignature.OfFile(folder) is { } kind ? $": {kind}" : "")}; name the folder with config.json, tokenizer and weights.";
        }

        if (!Directory.Exists(folder))
        {
            return $" There is no folder {Path.GetFullPath(folder)}.";
        }

        string[] names = Names(folder);
        if (File.Exists(Path.Combine(folder, "run.db")))
        {
            return " It is a run folder; the models of a run are in its folder iterations, as iterations/001/policy, and that of a training in model.";
        }

        string[] inner = [.. Directory.EnumerateDirectories(folder).SelectMany(one => Directory.EnumerateDirectories(one).Prepend(one))
            .Where(one => File.Exists(Path.Combine(one, "config.json"))).Order(StringComparer.Ordinal)];
        return names.Length == 0 && inner.Length == 0 ? " The folder holds no files."
            : inner.Length > 0 ? $" There is a model in {inner[0]}."
            : names.Contains("params.json") ? " It is a checkpoint in Meta's own form (params.json): take the one in Hugging Face's form."
            : InsteadOfWeights(folder) is { Length: > 0 } weights ? weights
            : $" It holds {string.Join(", ", names.Take(4))}{(names.Length > 4 ? ", ..." : "")}.";
    }

    /// <summary>What is there in place of weights that can be read; begins with a blank, and is empty where nothing can be said.</summary>
    internal static string InsteadOfWeights(string folder)
    {
        string[] names = Names(folder);
        if (Array.Find(names, static name => PickleEndings.Contains(Path.GetExtension(name), StringComparer.Ordinal)) is { } pickle)
        {
            return $" {pickle} is {(FileSignature.OfFile(Path.Combine(folder, pickle)) is { } kind && kind.Contains("Git LFS", StringComparison.Ordinal) ? kind + " of " : "")}"
                + "a pickle, which can run code when it is read: load it with its own library and save it again "
                + "(transformers: save_pretrained(folder, safe_serialization=True)).";
        }

        if (Array.Find(names, static name => name.EndsWith(".gguf", StringComparison.Ordinal)) is { } gguf)
        {
            return $" {gguf} is a GGUF file: take the safetensors checkpoint from which it was made.";
        }

        return Array.Find(names, static name => name is "adapter_model.safetensors" or "adapter_config.json") is not null
                ? " The folder is an adapter: name the base model's folder."
            : Array.Find(names, static name => name.EndsWith(".safetensors", StringComparison.Ordinal)) is { } other
                ? $" {other} is there: weights in one file are named model.safetensors."
            : Array.Find(names, static name => name.EndsWith(".msgpack", StringComparison.Ordinal) || name.EndsWith(".h5", StringComparison.Ordinal) || name.EndsWith(".onnx", StringComparison.Ordinal)) is { } foreign
                ? $" {foreign} holds the weights for another framework: take the safetensors checkpoint."
            : "";
    }

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
}
