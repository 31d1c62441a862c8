namespace ReSTEM.Models;

/// <summary>Writes models as GGUF files for llama.cpp and what is built on it.</summary>
public static class GgufModel
{
    private const int QuantizationVersion = 2;

    /// <summary>Writes weights with their configuration, tokenizer and chat template as one file, whole or not at all.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="weights">What to write, read as it is written.</param>
    /// <param name="folder">The Hugging Face folder with the tokenizer.</param>
    /// <param name="type">Of the matrices; vectors are F32 always.</param>
    /// <param name="hasTokenizer">False for a file that is used with token ids only.</param>
    /// <returns>Where llama.cpp may differ from the model here, a sentence each.</returns>
    /// <exception cref="InvalidDataException">llama.cpp cannot compute the model, or not cut its text; the message names every reason.</exception>
    public static IReadOnlyList<string> Write(string path, IWeightSource weights, string folder, GgufType type, bool hasTokenizer = true)
    {
        var metadata = new GgufMetadata();
        metadata.Add("general.architecture", GgufArchitecture.For(weights.Config.Family).Name);
        metadata.Add("general.type", "model");
        metadata.Add("general.file_type", FileType(type));
        metadata.Add("general.quantization_version", QuantizationVersion);
        GgufConfig.Describe(weights.Config, folder, metadata);
        (IReadOnlyList<string> Notes, bool StripsAsPhi3) text = ([], false);
        if (hasTokenizer)
        {
            text = GgufTokenizer.Describe(folder, weights.Config, metadata);
        }
        else
        {
            GgufTokenizer.DescribeNone(metadata);
        }

        metadata.Add("general.name", NameOf(path, text.StripsAsPhi3));
        GgufWriter.Write(path, metadata, GgufTensors.Of(weights, type));
        return text.Notes;
    }

    /// <summary>The file's name; llama.cpp treats white space by whether it sees Phi-3's there, which therefore must not be by chance.</summary>
    private static string NameOf(string path, bool stripsAsPhi3)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        bool saysSo = name.Contains("phi3", StringComparison.OrdinalIgnoreCase) || name.Contains("phi-3", StringComparison.OrdinalIgnoreCase);
        return saysSo == stripsAsPhi3 ? name : stripsAsPhi3 ? $"{name} (phi3)" : "model";
    }

    private static uint FileType(GgufType type) => type switch
    {
        GgufType.F32 => 0,
        GgufType.F16 => 1,
        GgufType.Q8 => 7,
        _ => 32,
    };
}
