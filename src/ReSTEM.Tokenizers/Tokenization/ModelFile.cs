using System.Text.Json;

namespace ReSTEM.Tokenizers;

/// <summary>Reads the <c>model</c> of a tokenizer.json: its tokens, and what turns pieces into them.</summary>
/// <param name="part">The model.</param>
internal sealed class ModelFile(JsonPart part)
{
    private readonly string _type = part.Lacks("type") ? "BPE" : part.Type; // the first files had no type

    /// <summary>The model's own tokens by text; where a unigram model has one twice, the last counts.</summary>
    internal Dictionary<string, int> Ids { get; } = part.Lacks("type") || part.Type != "Unigram" ? ReadTokens(part.Get("vocab")) : ReadScoredTokens(part.Get("vocab"));

    /// <summary>Whether pieces are merged as bytes, so that a byte alphabet need not be written out.</summary>
    internal bool MergesBytes => _type == "BPE" && AffixOf("continuing_subword_prefix").Length + AffixOf("end_of_word_suffix").Length == 0;

    internal IPieceEncoder CreateEncoder(Vocabulary vocabulary, bool isByteLevel)
    {
        switch (_type)
        {
            case "BPE":
                RefuseDropout();
                bool ignoreMerges = part.Flag("ignore_merges", otherwise: false);
                MergeTable merges = new(ReadMerges(part.Get("merges")));
                return isByteLevel && MergesBytes
                    ? new ByteLevelEncoder(vocabulary, merges, ignoreMerges)
                    : new CharacterEncoder(vocabulary, merges, ReadCharacterOptions(ignoreMerges));
            case "Unigram":
                return new UnigramEncoder(vocabulary, ReadUnigramOptions());
            case "WordPiece":
                return new WordPieceEncoder(
                    vocabulary,
                    part.Get("continuing_subword_prefix").AsString(),
                    UnknownToken() ?? throw part.Bad("without 'unk_token'", "the token of words that cannot be written"),
                    part.Get("max_input_chars_per_word").AsTokenId());
            default:
                throw part.Get("type").Bad($"'{_type}'", "one of 'BPE', 'Unigram', 'WordPiece'");
        }
    }

    private CharacterEncoderOptions ReadCharacterOptions(bool ignoreMerges) => new(
        part.Flag("byte_fallback", otherwise: false), UnknownToken(), part.Flag("fuse_unk", otherwise: false), ignoreMerges)
    {
        ContinuingPrefix = AffixOf("continuing_subword_prefix"),
        EndSuffix = AffixOf("end_of_word_suffix"),
    };

    private UnigramOptions ReadUnigramOptions()
    {
        double[] scores = [.. part.Get("vocab").Items().Select(item => item.Items().ElementAt(1).AsNumber())];
        int? unknownId = part.Lacks("unk_id") ? null : part.Get("unk_id").AsTokenId();
        if (unknownId >= scores.Length)
        {
            throw part.Get("unk_id").Bad($"{unknownId}", $"an id below {scores.Length}, the number of tokens");
        }

        return new UnigramOptions(
            scores,
            unknownId,
            part.Flag("byte_fallback", otherwise: false),
            IsSinglePrecision: false,
            scores.DefaultIfEmpty().Min() - UnigramOptions.UnknownPenalty);
    }

    private string AffixOf(string key) => part.Lacks(key) ? "" : part.Get(key).AsString();

    private int? UnknownToken()
    {
        if (part.Lacks("unk_token"))
        {
            return null;
        }

        string unknown = part.Get("unk_token").AsString();
        return Ids.TryGetValue(unknown, out int id) ? id : throw part.Get("unk_token").Bad($"'{unknown}'", "a token of model.vocab");
    }

    private void RefuseDropout()
    {
        if (!part.Lacks("dropout") && part.Get("dropout") is var dropout && dropout.AsNumber() != 0)
        {
            throw dropout.Bad(dropout.Raw, "null or 0: encoding is never random");
        }
    }

    private static Dictionary<string, int> ReadTokens(JsonPart vocabulary)
    {
        vocabulary.Require(JsonValueKind.Object, "an object of tokens and ids");
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        HashSet<int> seen = [];
        foreach (JsonProperty property in vocabulary.Element.EnumerateObject())
        {
            string token = vocabulary.NameOf(property);
            int id = new JsonPart(vocabulary.File, $"{vocabulary.Path}['{token}']", property.Value).AsTokenId();
            if (!ids.TryAdd(token, id) || !seen.Add(id))
            {
                throw vocabulary.Bad($"naming token '{token}' or id {id} twice", "each once");
            }
        }

        return ids;
    }

    private static Dictionary<string, int> ReadScoredTokens(JsonPart vocabulary)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        int id = 0;
        foreach (JsonPart item in vocabulary.Items())
        {
            JsonPart[] pair = [.. item.Items()];
            ids[pair.Length == 2 ? pair[0].AsString() : throw item.Bad(item.Raw, "a token and its score")] = id++;
        }

        return ids;
    }

    private List<(int Left, int Right, int Merged)> ReadMerges(JsonPart list)
    {
        int prefix = AffixOf("continuing_subword_prefix").Length;
        List<(int Left, int Right, int Merged)> merges = new(list.Element.ValueKind == JsonValueKind.Array ? list.Element.GetArrayLength() : 0);
        foreach (JsonPart item in list.Items())
        {
            (string left, string right) = ReadPair(item);
            string end = right.Length >= prefix ? right[prefix..] : throw item.Bad($"a merge with '{right}'", "'continuing_subword_prefix' before it");
            merges.Add((IdOf(left), IdOf(right), IdOf(left + end)));

            int IdOf(string token) =>
                Ids.TryGetValue(token, out int id) ? id : throw item.Bad($"a merge with '{token}'", "tokens of model.vocab");
        }

        return merges;
    }

    internal static (string Left, string Right) ReadPair(JsonPart item)
    {
        string[] parts = item.Element.ValueKind == JsonValueKind.Array
            ? [.. item.Items().Select(part => part.AsString())]
            : item.AsString().Split(' ');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw item.Bad(item.Raw, "two tokens");
    }
}
