using System.Text.Json;

namespace ReSTEM.Tokenizers;

/// <summary>Reads tokenizer.json, the format of Hugging Face's tokenizers, whole but for what is refused by name.</summary>
internal static class TokenizerFile
{
    /// <summary>No published vocabulary comes near this; a damaged file may.</summary>
    internal const int MaxTokenId = 10_000_000;

    internal static Tokenizer Read(Stream stream, string file)
    {
        using JsonDocument document = JsonFile.Parse(stream, file);
        return Read(new JsonPart(file, "", document.RootElement));
    }

    private static Tokenizer Read(JsonPart root)
    {
        root.Require(JsonValueKind.Object, "an object");
        ModelFile model = new(root.Get("model"));
        Vocabulary vocabulary = new(model.Ids, root.Lacks("added_tokens") ? [] : ReadAddedTokens(root.Get("added_tokens"), model.Ids));
        (List<IPreTokenizerStep> steps, bool isByteLevel) =
            root.Lacks("pre_tokenizer") ? ([], false) : PreTokenizerFile.Read(root.Get("pre_tokenizer"));
        if (isByteLevel && !model.MergesBytes)
        {
            steps.Add(new ByteAlphabetStep());
        }

        return new Tokenizer(
            vocabulary,
            root.Lacks("normalizer") ? TextNormalizer.None : NormalizerFile.Read(root.Get("normalizer")),
            new PreTokenizer(steps),
            model.CreateEncoder(vocabulary, isByteLevel),
            root.Lacks("post_processor") ? SpecialTokenTemplate.None : SpecialTokenTemplate.Read(root.Get("post_processor")),
            root.Lacks("decoder") ? DecoderFile.Joining : DecoderFile.Read(root.Get("decoder")));
    }

    private static List<AddedToken> ReadAddedTokens(JsonPart part, Dictionary<string, int> modelIds)
    {
        List<AddedToken> tokens = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        Dictionary<int, string> contents = modelIds.ToDictionary(entry => entry.Value, entry => entry.Key);
        foreach (JsonPart item in part.Items())
        {
            string content = item.Get("content").AsString();
            int id = item.Get("id").AsTokenId();
            if (modelIds.TryGetValue(content, out int modelId) && modelId != id)
            {
                throw item.Get("id").Bad($"{id}", $"{modelId}, the id of '{content}' in model.vocab");
            }

            if (!contents.TryAdd(id, content) && contents[id] != content)
            {
                throw item.Get("id").Bad($"{id}, the id of '{contents[id]}'", "an id of its own");
            }

            if (content.Length == 0 || !seen.Add(content))
            {
                throw item.Get("content").Bad(content.Length == 0 ? "empty" : $"'{content}' a second time", "a token of its own");
            }

            tokens.Add(ReadAddedToken(item, id, content));
        }

        return tokens;
    }

    /// <summary>An added token with the flags of its object.</summary>
    internal static AddedToken ReadAddedToken(JsonPart item, int id, string content) => new()
    {
        Id = id,
        Content = content,
        Special = item.Flag("special", otherwise: false),
        Normalized = item.Flag("normalized", otherwise: true),
        SingleWord = item.Flag("single_word", otherwise: false),
        StripsLeft = item.Flag("lstrip", otherwise: false),
        StripsRight = item.Flag("rstrip", otherwise: false),
    };
}
