using System.Globalization;
using System.Text.Json;

namespace ReSTEM.Tokenizers;

/// <summary>
/// What a folder without tokenizer.json says beside the vocabulary, in tokenizer_config.json, special_tokens_map.json and
/// added_tokens.json, as the transformers library reads it.
/// </summary>
internal sealed class TokenizerSettings
{
    private static readonly string[] NamedTokens = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>Classes that add a begin token when nothing is said, and the one that adds an end token.</summary>
    private static readonly string[] BeginClasses = ["LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer"];

    private const string EndClass = "T5Tokenizer";

    private readonly List<AddedToken> _added = [];
    private readonly Dictionary<string, JsonPart> _named = new(StringComparer.Ordinal);
    private readonly JsonPart? _config;
    private readonly string? _file;

    /// <param name="config">tokenizer_config.json, or null where there is none.</param>
    /// <param name="map">special_tokens_map.json.</param>
    /// <param name="added">added_tokens.json.</param>
    internal TokenizerSettings(JsonPart? config, JsonPart? map, JsonPart? added)
    {
        _config = config;
        _file = config?.File ?? added?.File;
        if (added is { } tokens)
        {
            tokens.Require(JsonValueKind.Object, "an object of tokens and ids");
            foreach (JsonProperty property in tokens.Element.EnumerateObject())
            {
                string content = tokens.NameOf(property);
                _added.Add(new AddedToken { Id = tokens.Get(content).AsTokenId(), Content = content });
            }
        }

        if (config is { } settings && !settings.Lacks("added_tokens_decoder"))
        {
            ReadAddedTokens(settings.Get("added_tokens_decoder"));
        }

        foreach (JsonPart part in new[] { map, config }.OfType<JsonPart>())
        {
            foreach (string name in NamedTokens.Where(name => !part.Lacks(name)))
            {
                _named[name] = part.Get(name);
            }

            foreach (JsonPart token in part.Lacks("additional_special_tokens") ? [] : part.Get("additional_special_tokens").Items())
            {
                _named[ContentOf(token)] = token;
            }
        }
    }

    /// <summary>What is read of a folder where it is there.</summary>
    internal static IReadOnlyList<string> Files { get; } = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"];

    /// <summary>For a file on its own.</summary>
    internal static TokenizerSettings None { get; } = new(null, null, null);

    /// <summary>Whether every text between added tokens gets a dummy blank, not the first alone.</summary>
    internal bool IsLegacy => _config?.Flag("legacy", otherwise: true) ?? true;

    internal bool AddsPrefixSpace => _config?.Flag("add_prefix_space", otherwise: true) ?? true;

    /// <summary>The splitting pattern, which tiktoken files lack; null when it is not there.</summary>
    internal JsonPart? Pattern => _config is not { } config ? null
        : !config.Lacks("pat_str") ? config.Get("pat_str")
        : !config.Lacks("pattern") ? config.Get("pattern") : null;

    internal static TokenizerSettings Read(string folder)
    {
        using JsonFile config = new(Path.Combine(folder, Files[0]));
        using JsonFile map = new(Path.Combine(folder, Files[1]));
        using JsonFile added = new(Path.Combine(folder, Files[2]));
        return new TokenizerSettings(config.Copy(), map.Copy(), added.Copy());
    }

    /// <summary>The tokens a vocabulary has of its own and those of the folder, which say more about the same ids.</summary>
    /// <exception cref="InvalidDataException">A named token is nowhere, or two share an id.</exception>
    internal List<AddedToken> WithAddedTokens(IEnumerable<AddedToken> own, IReadOnlyDictionary<string, int> ids)
    {
        Dictionary<int, AddedToken> byId = own.ToDictionary(token => token.Id);
        Dictionary<int, string> contents = ids.ToDictionary(entry => entry.Value, entry => entry.Key);
        foreach (AddedToken token in _added)
        {
            int id = ids.TryGetValue(token.Content, out int known) ? known : token.Id;
            if (id != token.Id || contents.GetValueOrDefault(id, token.Content) != token.Content)
            {
                string other = id != token.Id ? $"{id} in the vocabulary" : $"that of '{contents[id]}'";
                throw new InvalidDataException(
                    $"{_file}: {JsonPart.OneLine($"the id of added token '{token.Content}' is {token.Id}, but {other}")}, expected an id of its own.");
            }

            contents[id] = token.Content;
            byId[id] = token;
        }

        foreach (JsonPart named in _named.Values)
        {
            string content = ContentOf(named);
            AddedToken token = byId.Values.FirstOrDefault(token => token.Content == content)
                ?? (ids.TryGetValue(content, out int id)
                    ? new AddedToken { Id = id, Content = content }
                    : throw named.Bad($"'{content}'", "a token of the vocabulary or of added_tokens_decoder"));
            byId[token.Id] = token with { Special = true };
        }

        return [.. byId.Values.OrderBy(token => token.Id)];
    }

    /// <summary>The begin and end tokens to be put around a text.</summary>
    /// <exception cref="InvalidDataException">Nothing says whether there are any, or which.</exception>
    internal SpecialTokenTemplate Template(Vocabulary vocabulary, string begin, string end, string file)
    {
        if (_config is not { } config)
        {
            return SpecialTokenTemplate.None;
        }

        string kind = config.Lacks("tokenizer_class") ? "" : config.Get("tokenizer_class").AsString();
        kind = kind.EndsWith("Fast", StringComparison.Ordinal) ? kind[..^"Fast".Length] : kind;
        bool known = BeginClasses.Contains(kind) || kind == EndClass;
        bool addsBegin = config.Flag("add_bos_token", otherwise: BeginClasses.Contains(kind));
        bool addsEnd = config.Flag("add_eos_token", otherwise: kind == EndClass);
        if (!known && config.Lacks("add_bos_token") && config.Lacks("add_eos_token"))
        {
            throw new InvalidDataException(
                $"{config.File}: tokenizer_class is '{JsonPart.OneLine(kind)}' without add_bos_token and add_eos_token, expected one of them, or one of the classes "
                + $"{string.Join(", ", BeginClasses)}, {EndClass}.");
        }

        return new SpecialTokenTemplate(addsBegin ? [IdOf("bos_token", begin)] : [], addsEnd ? [IdOf("eos_token", end)] : []);

        int IdOf(string name, string otherwise)
        {
            string content = _named.TryGetValue(name, out JsonPart part) ? ContentOf(part) : otherwise;
            return vocabulary.IdOf(content) ?? throw new InvalidDataException(
                $"{file}: there is no token '{JsonPart.OneLine(content)}', expected {name}, which goes around a text.");
        }
    }

    private void ReadAddedTokens(JsonPart tokens)
    {
        tokens.Require(JsonValueKind.Object, "an object of ids and tokens");
        foreach (JsonProperty property in tokens.Element.EnumerateObject())
        {
            string key = tokens.NameOf(property);
            JsonPart token = tokens.Get(key);
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id > TokenizerFile.MaxTokenId)
            {
                throw tokens.Bad($"with '{key}'", $"ids from 0 to {TokenizerFile.MaxTokenId}");
            }

            string content = token.Get("content").AsString();
            _added.Add(content.Length > 0 ? TokenizerFile.ReadAddedToken(token, id, content) : throw token.Get("content").Bad("empty", "some text"));
        }
    }

    private static string ContentOf(JsonPart token) =>
        token.Element.ValueKind == JsonValueKind.Object ? token.Get("content").AsString() : token.AsString();
}
