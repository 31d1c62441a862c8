using System.Text.Json;

namespace ReSTEM.Models;

/// <summary>Reads tokenizer.json, the format of Hugging Face's tokenizers, as far as byte-pair encodings need it.</summary>
internal static class TokenizerFile
{
    /// <summary>No published vocabulary comes near this; a damaged file may.</summary>
    internal const int MaxTokenId = 10_000_000;

    internal static Tokenizer Read(Stream stream, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(stream);
            return Read(new JsonPart(file, "", document.RootElement));
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"{file}:{exception.LineNumber + 1}: not well-formed JSON at byte {exception.BytePositionInLine + 1}, expected a tokenizer.json.",
                exception);
        }
    }

    private static Tokenizer Read(JsonPart root)
    {
        root.Require(JsonValueKind.Object, "an object");
        JsonPart model = root.Get("model");
        RefuseOtherModels(model);

        Dictionary<string, int> modelIds = ReadModelTokens(model.Get("vocab"));
        Vocabulary vocabulary = new(modelIds, root.Lacks("added_tokens") ? [] : ReadAddedTokens(root.Get("added_tokens"), modelIds));

        PreTokenizer preTokenizer = root.Lacks("pre_tokenizer") ? PreTokenizer.None : PreTokenizer.Read(root.Get("pre_tokenizer"));
        MergeTable merges = new(ReadMerges(model.Get("merges"), modelIds));
        bool ignoreMerges = model.Flag("ignore_merges", otherwise: false);
        return new Tokenizer(
            vocabulary,
            root.Lacks("normalizer") ? TextNormalizer.None : TextNormalizer.Read(root.Get("normalizer")),
            preTokenizer,
            preTokenizer.IsByteLevel
                ? new ByteLevelEncoder(vocabulary, merges, ignoreMerges)
                : new CharacterEncoder(vocabulary, merges, ReadCharacterOptions(model, modelIds, ignoreMerges)),
            root.Lacks("post_processor") ? SpecialTokenTemplate.None : SpecialTokenTemplate.Read(root.Get("post_processor")),
            TokenDecoderFile.Read(root.Get("decoder"), preTokenizer.IsByteLevel));
    }

    private static CharacterEncoderOptions ReadCharacterOptions(JsonPart model, Dictionary<string, int> modelIds, bool ignoreMerges)
    {
        int? unknownId = null;
        if (!model.Lacks("unk_token"))
        {
            string unknown = model.Get("unk_token").AsString();
            unknownId = modelIds.TryGetValue(unknown, out int id) ? id : throw model.Get("unk_token").Bad($"'{unknown}'", "a token of model.vocab");
        }

        return new CharacterEncoderOptions(
            model.Flag("byte_fallback", otherwise: false), unknownId, model.Flag("fuse_unk", otherwise: false), ignoreMerges);
    }

    private static void RefuseOtherModels(JsonPart model)
    {
        model.Require(JsonValueKind.Object, "an object");
        if (!model.Lacks("type") && model.Type != "BPE") // the first files had no type
        {
            throw model.Get("type").Bad($"'{model.Type}'", "'BPE'");
        }

        if (!model.Lacks("dropout") && model.Get("dropout") is { Element: { ValueKind: not JsonValueKind.Number } } dropout)
        {
            throw dropout.Bad(dropout.Element.GetRawText(), "null or 0");
        }

        if (!model.Lacks("dropout") && model.Get("dropout").Element.GetDouble() != 0)
        {
            throw model.Get("dropout").Bad(model.Get("dropout").Element.GetRawText(), "null or 0: encoding is never random");
        }

        foreach (string key in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (!model.Lacks(key) && model.Get(key).AsString().Length > 0)
            {
                throw model.Get(key).Bad($"'{model.Get(key).AsString()}'", "nothing");
            }
        }
    }

    private static Dictionary<string, int> ReadModelTokens(JsonPart part)
    {
        part.Require(JsonValueKind.Object, "an object of tokens and ids");
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        HashSet<int> seen = [];
        foreach (JsonProperty property in part.Element.EnumerateObject())
        {
            string token = part.NameOf(property);
            int id = new JsonPart(part.File, $"{part.Path}['{token}']", property.Value).AsTokenId();
            if (!ids.TryAdd(token, id) || !seen.Add(id))
            {
                throw part.Bad($"naming token '{token}' or id {id} twice", "each once");
            }
        }

        return ids;
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

            tokens.Add(new AddedToken
            {
                Id = id,
                Content = content,
                Special = item.Flag("special", otherwise: false),
                Normalized = item.Flag("normalized", otherwise: true),
                SingleWord = item.Flag("single_word", otherwise: false),
                StripsLeft = item.Flag("lstrip", otherwise: false),
                StripsRight = item.Flag("rstrip", otherwise: false),
            });
        }

        return tokens;
    }

    private static List<(int Left, int Right, int Merged)> ReadMerges(JsonPart part, Dictionary<string, int> ids)
    {
        List<(int Left, int Right, int Merged)> merges = new(part.Element.ValueKind == JsonValueKind.Array ? part.Element.GetArrayLength() : 0);
        foreach (JsonPart item in part.Items())
        {
            (string left, string right) = ReadPair(item);
            merges.Add((IdOf(left), IdOf(right), IdOf(left + right)));

            int IdOf(string token) =>
                ids.TryGetValue(token, out int id) ? id : throw item.Bad($"a merge with '{token}'", "tokens of model.vocab");
        }

        return merges;
    }

    internal static (string Left, string Right) ReadPair(JsonPart item)
    {
        string[] parts = item.Element.ValueKind == JsonValueKind.Array
            ? [.. item.Items().Select(part => part.AsString())]
            : item.AsString().Split(' ');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw item.Bad(item.Element.GetRawText(), "two tokens");
    }
}
