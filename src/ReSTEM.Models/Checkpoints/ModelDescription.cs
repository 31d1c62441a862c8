using ReSTEM.Core;
using ReSTEM.Tokenizers;

namespace ReSTEM.Models;

/// <summary>What is known of a model folder without reading its weights.</summary>
public static class ModelDescription
{
    private static readonly string[] Configurations = ["config.json", "generation_config.json"];

    /// <summary>Reads configuration, tokenizer and the headers of the weights, and checks that they fit each other.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others.</exception>
    public static ModelInfo Of(string folder)
    {
        ModelConfig config = ModelConfigReader.Read(folder);
        ModelFolder.ThrowUnlessFitting(folder, config);
        ITokenizer? tokenizer = TokenizerOf(folder, config);
        long parameters = ModelLayout.Tensors(config).Sum(place => (long)place.Length);
        return new ModelInfo
        {
            Tokenizer = tokenizer,
            ContextLength = config.ContextLength,
            EndTokenIds = config.EndTokenIds,
            Digests = Digests(folder),
            Chat = tokenizer is null ? null : new ChatRenderer(folder),
            BeginTokenId = config.BeginTokenId,
            Description = config.Family.ModelType,
            VocabularySize = config.VocabularySize,
            ParameterCount = parameters,
        };
    }

    /// <summary>The tokenizer of a folder; null where it has none, and the model is used with token ids.</summary>
    /// <exception cref="InvalidDataException">The tokenizer is damaged, or has more tokens than the model, special ones apart.</exception>
    public static ITokenizer? TokenizerOf(string folder, ModelConfig config)
    {
        if (TokenizerFolder.FilesOf(folder) is not [string path, ..])
        {
            return null;
        }

        // Special tokens may lie beyond: families that also take images share one tokenizer, and a text that writes one is refused by its id.
        var tokenizer = Tokenizer.Load(folder);
        for (int id = config.VocabularySize; id < tokenizer.VocabularySize; id++)
        {
            if (tokenizer.TokenOf(id) is not null && !tokenizer.IsSpecial(id))
            {
                throw new InvalidDataException(
                    $"{path}: the tokenizer has {tokenizer.VocabularySize} tokens, expected at most {config.VocabularySize} (vocab_size of config.json).");
            }
        }

        return tokenizer;
    }

    private static Dictionary<string, string> Digests(string folder)
    {
        using var configuration = new ContentDigest();
        foreach (string path in Configurations.Select(name => Path.Combine(folder, name)))
        {
            configuration.Add(File.Exists(path) ? ContentDigest.OfFile(path) : "none");
        }

        return new Dictionary<string, string>
        {
            ["configuration"] = configuration.Finish(),
            [ModelInfo.TokenizerDigest] = TokenizerDigest(TokenizerFolder.FilesOf(folder)),
        };
    }

    private static string TokenizerDigest(IReadOnlyList<string> files)
    {
        if (files.Count <= 1)
        {
            return files.Count == 1 ? ContentDigest.OfFile(files[0]) : "none";
        }

        using var all = new ContentDigest();
        foreach (string file in files)
        {
            all.Add(Path.GetFileName(file));
            all.Add(ContentDigest.OfFile(file));
        }

        return all.Finish();
    }
}
