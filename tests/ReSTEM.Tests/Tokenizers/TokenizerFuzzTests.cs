using System.Text;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

/// <summary>Damaged files: read, or refused in one line that begins with the file's name; nothing else, and soon.</summary>
public sealed class TokenizerFuzzTests
{
    private const int FileCount = 10_000;

    private static readonly string[] Swaps =
        ["null", "true", "-1", "1e9", "999999", "\"\"", "[]", "{}", "\"\\ud800\"", "\"type\"", "\"Sequence\"", "0.5", "\"\u2581\"", "]", "}", ","];

    [Fact]
    public void Damaged_unigram_files() => Damage(
        Encoding.UTF8.GetBytes($$"""
            {"model": {{CountedVocabulary.Unigram(60, bytes: false)}}, "normalizer": {"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}, {"type": "Replace", "pattern": {"String": "  "}, "content": " "}, {"type": "Strip", "strip_left": true, "strip_right": true}]},
             "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": true}, "added_tokens": [{"id": 0, "content": "<unk>", "special": true}],
             "decoder": {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 1}]},
             "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0} }, {"SpecialToken": {"id": "x", "type_id": 0} }], "special_tokens": {"x": {"id": "x", "ids": [1], "tokens": ["x"]} } } }
            """),
        "tokenizer.json");

    [Fact]
    public void Damaged_WordPiece_files() => Damage(
        Encoding.UTF8.GetBytes($$"""
            {"model": {{CountedVocabulary.WordPiece(60, 100)}}, "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "BertPreTokenizer"}, {"type": "Digits", "individual_digits": true}, {"type": "CharDelimiterSplit", "delimiter": "x"}]},
             "post_processor": {"type": "RobertaProcessing", "sep": ["a", 1], "cls": ["b", 2]}, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
             "added_tokens": [{"id": 0, "content": "[UNK]", "special": true, "normalized": false, "lstrip": true, "rstrip": true, "single_word": true}]}
            """),
        "tokenizer.json");

    [Fact]
    public void Damaged_SentencePiece_models()
    {
        byte[] bpe = Model(SentencePieceAlgorithm.Bpe);
        byte[] unigram = Model(SentencePieceAlgorithm.Unigram);
        Damage(bpe, "tokenizer.model", FileCount / 2);
        Damage(unigram, "tokenizer.model", FileCount / 2);

        static byte[] Model(SentencePieceAlgorithm algorithm) => ProtobufWriter.Model(
            [
                ("<unk>", 0, SentencePieceKind.Unknown), ("<s>", 0, SentencePieceKind.Control), ("<ud>", 0, SentencePieceKind.UserDefined),
                .. CountedVocabulary.Bytes.Take(20).Select(piece => (piece, 0f, SentencePieceKind.Byte)),
                .. CountedVocabulary.Scored(60).Select(entry => (entry.Piece, (float)entry.Score, SentencePieceKind.Normal)),
            ],
            algorithm, bytes: true);
    }

    [Fact]
    public void Damaged_tiktoken_files() => Damage(
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 256).Select(value => $"{Convert.ToBase64String([(byte)value])} {value}\n").Append("dGhl 256\ndGg= 257\n"))),
        "gpt2.tiktoken");

    [Fact]
    public void Damaged_settings() => Damage(
        """
        {"tokenizer_class": "LlamaTokenizer", "add_bos_token": true, "add_eos_token": false, "bos_token": "<s>", "eos_token": {"content": "<unk>"}, "legacy": false,
         "added_tokens_decoder": {"0": {"content": "<unk>", "special": true}, "9": {"content": "<new>", "lstrip": true}}, "additional_special_tokens": ["<new>"], "add_prefix_space": null}
        """u8.ToArray(),
        "tokenizer_config.json",
        FileCount / 2,
        ("tokenizer.model", ProtobufWriter.Model([("<unk>", 0, SentencePieceKind.Unknown), ("<s>", 0, SentencePieceKind.Control), ("a", -1, SentencePieceKind.Normal)], SentencePieceAlgorithm.Bpe, bytes: false)));

    /// <summary>As short a file as asks for as much memory as it can: ids are bounded, so it is bounded.</summary>
    [Fact]
    public void A_length_that_is_not_there_is_not_allocated()
    {
        byte[] file = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07];
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<InvalidDataException>(() => Load(file, "tokenizer.model", null)).Message;
        Assert.EndsWith("byte 6 is the place of a field of 2147483647 bytes with 0 left, expected a whole file, as in a SentencePiece model.", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_pattern_that_tries_everything_is_stopped()
    {
        CodePointRegex pattern = new(@"(?:a[ab]*)+c", TimeSpan.FromMilliseconds(20));
        string message = Assert.Throws<InvalidDataException>(() => pattern.Matches(new string('a', 60) + "!c", [])).Message;
        Assert.Contains("took 0.02 s at one place of a text of 62", message);
    }

    private static void Damage(byte[] whole, string name, int count = FileCount, (string Name, byte[] Content)? beside = null)
    {
        Assert.Null(Record.Exception(() => Load(whole, name, beside)));
        RandomSequence random = RandomStream.Of(1, RandomPurpose.Sample).Sequence();
        int refused = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = Damaged(whole, random);
            if (Record.Exception(() => Use(Load(bytes, name, beside))) is { } exception)
            {
                refused++;
                string shown = $"{i}: {exception.GetType().Name}: {exception.Message}";
                Assert.True(exception is InvalidDataException, shown + exception.StackTrace);
                Assert.DoesNotContain('\n', exception.Message);
                Assert.True(exception.Message.StartsWith('/') || exception.Message.StartsWith("The tokenizer's", StringComparison.Ordinal), shown);
            }
        }

        Assert.InRange(refused, count / 20, count - (count / 100));
    }

    private static Tokenizer Load(byte[] bytes, string name, (string Name, byte[] Content)? beside)
    {
        string file = "/folder/" + name;
        if (beside is { } vocabulary)
        {
            using JsonDocument config = JsonFile.Parse(new MemoryStream(bytes), file);
            TokenizerSettings settings = new(new JsonPart(file, "", config.RootElement.Clone()), map: null, added: null);
            return SentencePieceTokenizer.Create(SentencePieceFile.Read(vocabulary.Content, file), settings, file);
        }

        return Path.GetExtension(name) switch
        {
            ".json" => Tokenizer.Load(new MemoryStream(bytes), file),
            ".model" => SentencePieceTokenizer.Create(SentencePieceFile.Read(bytes, file), TokenizerSettings.None, file),
            _ => TiktokenFile.Read(bytes, TokenizerSettings.None, file),
        };
    }

    private static void Use(Tokenizer tokenizer)
    {
        foreach (string text in new[] { "", "the Model <s><ud>\u2581 42", "  n\u00E4\u0301ive \U0001F600\u0000x" })
        {
            tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: true), skipSpecialTokens: true);
        }

        tokenizer.Decode([-1, 0, 5, 30, int.MaxValue], skipSpecialTokens: false);
    }

    private static byte[] Damaged(byte[] whole, RandomSequence random)
    {
        List<byte> bytes = [.. whole];
        for (int change = random.Between(1, 3); change > 0 && bytes.Count > 0; change--)
        {
            int place = random.Below(bytes.Count);
            switch (random.Below(6))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << random.Below(8));
                    break;
                case 1:
                    bytes[place] = (byte)random.Below(256);
                    break;
                case 2:
                    bytes.RemoveRange(place, Math.Min(random.Between(1, 20), bytes.Count - place));
                    break;
                case 3:
                    bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Between(1, 40), bytes.Count - place)));
                    break;
                case 4: // a value of JSON in another's place
                    int colon = bytes.IndexOf((byte)':', place);
                    int end = colon < 0 ? -1 : bytes.FindIndex(colon, value => value is (byte)',' or (byte)'}');
                    if (end > 0)
                    {
                        bytes.RemoveRange(colon + 1, end - colon - 1);
                        bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(random.Pick(Swaps)));
                    }

                    break;
                default:
                    if (random.Chance(0.2))
                    {
                        bytes.RemoveRange(place, bytes.Count - place);
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
