using System.Globalization;
using System.Text.Json;
using ReSTEM.Tokenizers;

namespace ReSTEM.Models;

/// <summary>A tokenizer.json as the <c>tokenizer.ggml</c> keys of a GGUF file.</summary>
internal sealed class GgufTokenizer
{
    private const string Prefix = "tokenizer.ggml.";
    private const char Blank = '\u2581';

    /// <summary>llama.cpp has white space after every other added token taken with it, where a model's name holds "phi3" or "phi-3".</summary>
    private static readonly string[] PlainInPhi3 = ["<unk>", "<s>", "<|endoftext|>"];

    private readonly JsonPart _root;
    private readonly Tokenizer _tokenizer;
    private readonly ModelConfig _config;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (string Content, bool IsSpecial)> _added = [];
    private readonly List<string> _notes = [];
    private readonly bool _isByteLevel;
    private bool _stripsAsPhi3;

    private GgufTokenizer(JsonPart root, Tokenizer tokenizer, ModelConfig config)
    {
        (_root, _tokenizer, _config) = (root, tokenizer, config);
        foreach (JsonProperty entry in root.Get("model").Get("vocab").Element.EnumerateObject())
        {
            _ids[entry.Name] = entry.Value.GetInt32();
        }

        foreach (JsonPart item in root.Lacks("added_tokens") ? [] : root.Get("added_tokens").Items())
        {
            _added[item.Get("id").AsTokenId()] = (item.Get("content").AsString(), item.Flag("special", otherwise: false));
        }

        NoteStripping();
        _isByteLevel = !root.Lacks("pre_tokenizer") && PreTokenizerFile.Read(root.Get("pre_tokenizer")).IsByteLevel;
    }

    /// <summary>Adds the keys for a model without a tokenizer, which is used with token ids only.</summary>
    internal static void DescribeNone(GgufMetadata metadata) => metadata.Add(Prefix + "model", "none");

    /// <summary>Adds the keys of a folder's tokenizer.</summary>
    /// <returns>Where llama.cpp's tokens may differ, a sentence each; and whether added tokens take white space with them as Phi-3's do.</returns>
    /// <exception cref="InvalidDataException">A file is damaged, or llama.cpp has no such tokenizer; the message names the part.</exception>
    internal static (IReadOnlyList<string> Notes, bool StripsAsPhi3) Describe(string folder, ModelConfig config, GgufMetadata metadata)
    {
        string path = Path.Combine(folder, "tokenizer.json");
        if (!File.Exists(path))
        {
            throw new InvalidDataException(
                $"{path} is missing, expected a tokenizer to go along; for a model of token ids only say --no-tokenizer.");
        }

        ModelDescription.TokenizerOf(folder, config); // refuses one with more tokens than the model
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = new JsonPart(path, "", document.RootElement);
        if (!root.Get("model").Lacks("type") && root.Get("model").Type is var type and not "BPE")
        {
            throw new InvalidDataException($"{path}: model.type is {type}, expected BPE: no other is written into GGUF files.");
        }

        var whole = new GgufTokenizer(root, Tokenizer.Load(path), config);
        whole.Describe(GgufTexts.Read(folder), metadata);
        return (whole._notes, whole._stripsAsPhi3);
    }

    private void Describe(GgufTexts texts, GgufMetadata metadata)
    {
        Dictionary<string, float> scores = [];
        metadata.Add(Prefix + "model", _isByteLevel ? "gpt2" : "llama");
        metadata.Add(Prefix + "pre", _isByteLevel ? GgufPreTokenizer.NameOf(_root) : "default");
        if (_isByteLevel)
        {
            NoteNormalizer();
        }
        else
        {
            ThrowUnlessSentencePiece();
            scores = GgufScores.Of(_root.Get("model").Get("merges"), _ids, IsRun);
            metadata.Add(Prefix + "add_space_prefix", PutsBlankBefore());
        }

        string[] tokens = [.. Enumerable.Range(0, _config.VocabularySize).Select(TextOf)];
        metadata.Add(Prefix + "tokens", tokens);
        metadata.Add(Prefix + "token_type", [.. Enumerable.Range(0, tokens.Length).Select(id => (int)KindOf(id))]);
        if (_isByteLevel)
        {
            metadata.Add(Prefix + "merges", [.. _root.Get("model").Get("merges").Items().Select(ModelFile.ReadPair).Select(pair => $"{pair.Left} {pair.Right}")]);
        }
        else
        {
            float least = -scores.Count;
            metadata.Add(Prefix + "scores", [.. Enumerable.Range(0, tokens.Length).Select(id => scores.GetValueOrDefault(_tokenizer.TokenOf(id) ?? "", least))]);
        }

        DescribeRoles(texts, metadata);
    }

    private void DescribeRoles(GgufTexts texts, GgufMetadata metadata)
    {
        int[] empty = _tokenizer.Encode("", addSpecialTokens: true), full = _tokenizer.Encode("a", addSpecialTokens: true);
        bool begins = full.Length > 0 && empty.Length > 0 && full[0] == empty[0];
        bool ends = full.Length > 0 && empty.Length > 0 && full[^1] == empty[^1];
        if (empty.Length != (begins ? 1 : 0) + (ends ? 1 : 0))
        {
            throw _root.Get("post_processor").Bad($"{empty.Length} tokens around a text", "at most one before and one behind it");
        }

        int? end = _config.EndTokenIds.Count > 0 ? _config.EndTokenIds[0] : IdOf(texts.Token("eos_token"));
        int? begin = begins ? empty[0] : _config.BeginTokenId ?? IdOf(texts.Token("bos_token")) ?? end;
        if (ends && end != empty[^1])
        {
            throw _root.Get("post_processor").Bad($"token {empty[^1]} behind a text", $"the end token ({end})");
        }

        AddId("bos_token_id", begin);
        AddId("eos_token_id", end);
        AddId("eot_token_id", _config.EndTokenIds.Count > 1 ? _config.EndTokenIds[1] : null);
        AddId("eom_token_id", _config.EndTokenIds.Count > 2 ? _config.EndTokenIds[2] : null);
        AddId("unknown_token_id", IdOf(texts.Token("unk_token")) ?? (_isByteLevel ? null : IdOf("<unk>")));
        AddId("padding_token_id", IdOf(texts.Token("pad_token")));
        metadata.Add(Prefix + "add_bos_token", begins);
        metadata.Add(Prefix + "add_eos_token", ends);
        if (texts.ChatTemplate() is { } template)
        {
            metadata.Add("tokenizer.chat_template", template);
        }

        void AddId(string key, int? id)
        {
            if (id is { } known)
            {
                metadata.Add(Prefix + key, known);
            }
        }
    }

    private int? IdOf(string? token) => token is null ? null : _tokenizer.IdOf(token);

    /// <summary>A token as llama.cpp keeps it; one without text for ids that the tokenizer does not use.</summary>
    private string TextOf(int id) => _tokenizer.TokenOf(id) switch
    {
        null => $"[PAD{id.ToString(CultureInfo.InvariantCulture)}]",
        var token when !_isByteLevel && KindOf(id) is Kind.UserDefined => token.Replace(Blank, ' '), // such tokens are looked for in the text itself
        var token => token,
    };

    private Kind KindOf(int id)
    {
        if (_tokenizer.TokenOf(id) is not { } token)
        {
            return Kind.Unused;
        }

        if (!_isByteLevel && _root.Get("model") is var model && !model.Lacks("unk_token") && token == model.Get("unk_token").AsString())
        {
            return Kind.Unknown;
        }

        return _added.TryGetValue(id, out var added) ? (added.IsSpecial ? Kind.Control : Kind.UserDefined)
            : !_isByteLevel && IsByte(token) ? Kind.Byte
            : Kind.Normal;
    }

    private static bool IsByte(string token) => token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);

    /// <summary>Whether a token is one character several times, and found in the text as a whole.</summary>
    private bool IsRun(string token) => _added.ContainsKey(_ids.GetValueOrDefault(token, -1)) && token.All(character => character == token[0]);

    /// <summary>Refuses files that find tokens in another way than llama.cpp does for SentencePiece's vocabularies.</summary>
    private void ThrowUnlessSentencePiece()
    {
        var model = _root.Get("model");
        if (!model.Flag("byte_fallback", otherwise: false))
        {
            throw (model.Lacks("byte_fallback") ? model : model.Get("byte_fallback")).Bad("without byte_fallback", "true: llama.cpp writes unknown characters as bytes");
        }

        if (model.Flag("ignore_merges", otherwise: false))
        {
            throw model.Get("ignore_merges").Bad("true", "false");
        }

        if (!_root.Lacks("pre_tokenizer") && _root.Get("pre_tokenizer") is var cut
            && (cut.Type != "Split" || cut.Get("pattern").Lacks("String") || cut.Get("pattern").Get("String").AsString() != " "))
        {
            throw cut.Bad(cut.Element.GetRawText(), "none, or one that cuts at blanks, of which none are left");
        }

        int late = _root.Lacks("added_tokens") ? 0 : _root.Get("added_tokens").Items().Count(token => token.Flag("normalized", otherwise: true));
        if (late > 0)
        {
            _notes.Add($"{late} added token(s) are looked for after blanks were rewritten, and by llama.cpp before: blanks beside them may become other tokens");
        }
    }

    /// <summary>Whether text gets a blank in front; refuses other normalisers than SentencePiece's.</summary>
    private bool PutsBlankBefore()
    {
        if (_root.Lacks("normalizer"))
        {
            throw _root.Bad("without a normalizer", "one that writes blanks as U+2581");
        }

        var part = _root.Get("normalizer");
        JsonPart[] steps = part.Type == "Sequence" ? [.. part.Get("normalizers").Items()] : [part];
        bool prepends = steps.Length == 2 && steps[0].Type == "Prepend" && steps[0].Get("prepend").AsString() == $"{Blank}";
        bool replaces = steps.Length > 0 && steps[^1].Type == "Replace" && steps[^1].Get("content").AsString() == $"{Blank}"
            && steps[^1].Get("pattern") is var pattern && !pattern.Lacks("String") && pattern.Get("String").AsString() == " ";
        return replaces && steps.Length == (prepends ? 2 : 1)
            ? prepends
            : throw part.Bad(part.Element.GetRawText(), "Replace of blanks by U+2581, with or without Prepend of one");
    }

    private void NoteNormalizer()
    {
        if (_root.Lacks("normalizer"))
        {
            return;
        }

        var part = _root.Get("normalizer");
        if (part.Type != "NFC")
        {
            throw part.Bad(part.Element.GetRawText(), "none or NFC: llama.cpp changes no text before it cuts it");
        }

        _notes.Add("the tokenizer composes characters (NFC) and llama.cpp does not: text that is not composed gets other tokens there");
    }

    private void NoteStripping()
    {
        JsonPart[] added = _root.Lacks("added_tokens") ? [] : [.. _root.Get("added_tokens").Items()];
        JsonPart[] stripping = [.. added.Where(token => Has(token, "lstrip") || Has(token, "rstrip") || Has(token, "single_word"))];
        _stripsAsPhi3 = stripping.Length > 0 && added.All(static token => !Has(token, "lstrip") && !Has(token, "single_word")
            && Has(token, "rstrip") != PlainInPhi3.Contains(token.Get("content").AsString()));
        if (stripping.Length > 0 && !_stripsAsPhi3)
        {
            _notes.Add($"{stripping.Length} added token(s), the first {stripping[0].Get("content").AsString()}, take white space with them or stand alone, "
                + "which a GGUF file does not say");
        }

        static bool Has(JsonPart token, string key) => token.Flag(key, otherwise: false);
    }

    /// <summary>llama.cpp's types of tokens.</summary>
    private enum Kind
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
        UserDefined = 4,
        Unused = 5,
        Byte = 6,
    }
}
