using System.IO.Compression;
using System.Text.Json;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

/// <summary>SentencePiece models against the program itself, llama.cpp, llama2.c and the library of tokenizer.json.</summary>
public sealed class SentencePieceTests
{
    private const int TextCount = 10_000;

    private static readonly JsonElement Vectors = JsonDocument.Parse(
        Repository.Read("tests/ReSTEM.Tests/Tokenizers/sentencepiece-vectors.json")).RootElement.GetProperty("models");

    public static TheoryData<int> Models => [.. Enumerable.Range(0, Vectors.GetArrayLength())];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_program_gives_the_same_ids(int index)
    {
        using ScratchFolder folder = new();
        File.WriteAllBytes(folder.File("tokenizer.model"), ModelOf(index));
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);
        JsonElement[] rows = [.. Vectors[index].GetProperty("rows").EnumerateArray()];
        Assert.Equal(41, rows.Length);
        Assert.All(rows, row => Assert.Equal(
            row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()),
            tokenizer.Encode(row.GetProperty("text").GetString()!, addSpecialTokens: true)));
    }

    /// <summary>The same table as a normalizer of tokenizer.json, which is applied by other rules: to clusters, the shortest match first.</summary>
    [Fact]
    public void Its_table_of_replacements_reads_as_in_tokenizer_json()
    {
        ProtobufReader model = new("", ModelOf(0));
        while (model.Next() && model.Field != 3)
        {
        }

        ProtobufReader normalizer = model.AsMessage();
        while (normalizer.Next() && normalizer.Field != 2)
        {
        }

        string vocabulary = string.Join(", ", CountedVocabulary.Bytes.Select((token, id) => $"\"{token}\": {id}"));
        using RustTokenizer both = new($$"""
            {"model": {"type": "BPE", "byte_fallback": true, "merges": [], "vocab": { {{vocabulary}} } }, "added_tokens": [],
             "normalizer": {"type": "Precompiled", "precompiled_charsmap": "{{Convert.ToBase64String(normalizer.Bytes)}}"} }
            """);
        both.AssertEqual(new RandomTexts(8).Take(TextCount).Append("e\u0301 a\u0301\u0300 \uFF21\u0301 \uFB01\u0301 BC\u0301 ??\u0301 \U0001F44D\U0001F3FD"));
    }

    [Fact]
    public void Byte_pairs_are_those_of_the_equivalent_tokenizer_json()
    {
        string[] pieces = [.. CountedVocabulary.Scored(3000).Select(entry => entry.Piece)];
        HashSet<string> known = [.. pieces];
        string[] all = ["<unk>", "<s>", .. CountedVocabulary.Bytes, .. pieces];
        string vocabulary = string.Join(", ", all.Select((piece, id) => $"{JsonSerializer.Serialize(piece)}: {id}"));
        var merges = pieces.SelectMany(piece => Enumerable.Range(1, piece.Length - 1)
            .Where(cut => known.Contains(piece[..cut]) && known.Contains(piece[cut..]))
            .Select(cut => $"[{JsonSerializer.Serialize(piece[..cut])}, {JsonSerializer.Serialize(piece[cut..])}]"));
        using RustTokenizer both = new($$"""
            {"model": {"type": "BPE", "byte_fallback": true, "unk_token": "<unk>", "fuse_unk": true, "vocab": { {{vocabulary}} }, "merges": [{{string.Join(", ", merges)}}] },
             "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"}, {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
             "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "added_tokens": [{{Added(0, "<unk>")}}, {{Added(1, "<s>")}}]}
            """);
        AssertSame(both, ProtobufWriter.Model(
            all.Select((piece, id) => (piece, -(float)id, KindOf(piece, id))), SentencePieceAlgorithm.Bpe, bytes: true));
    }

    [Fact]
    public void Unigram_pieces_are_those_of_the_equivalent_tokenizer_json()
    {
        var pieces = CountedVocabulary.Scored(3000, singlePrecision: true);
        (string Piece, double Score)[] all = [("<unk>", 0), ("<s>", 0), .. CountedVocabulary.Bytes.Select(piece => (piece, 0.0)), .. pieces];
        string vocabulary = string.Join(", ", all.Select(entry => $"[{JsonSerializer.Serialize(entry.Piece)}, {(entry.Score == 0 ? -30 : entry.Score):R}]"));
        using RustTokenizer both = new($$"""
            {"model": {"type": "Unigram", "byte_fallback": true, "unk_id": 0, "vocab": [{{vocabulary}}]},
             "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"}, {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
             "decoder": {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "added_tokens": [{{Added(0, "<unk>")}}, {{Added(1, "<s>")}}]}
            """);
        AssertSame(
            both,
            ProtobufWriter.Model(all.Select((entry, id) => (entry.Piece, (float)entry.Score, KindOf(entry.Piece, id))), SentencePieceAlgorithm.Unigram, bytes: true),
            text => !text.Contains("<0x"), // byte pieces are found as text there
            mayReorder: true); // SentencePiece adds in single precision, which decides between the same pieces in another order
    }

    /// <summary>
    /// As the program scores it: 2 bytes at the highest score, no lower than 0 there, less 0.1. At the best piece's -0.5 it would be -1.1,
    /// below the -1.05 of its two letters.
    /// </summary>
    [Fact]
    public void A_user_defined_piece_wins_over_better_pieces()
    {
        byte[] model = ProtobufWriter.Model(
            [
                ("<unk>", 0, SentencePieceKind.Unknown), ("\u2581", -1, SentencePieceKind.Normal), ("b", -0.5f, SentencePieceKind.Normal),
                ("c", -0.55f, SentencePieceKind.Normal), ("bc", 0, SentencePieceKind.UserDefined),
            ],
            SentencePieceAlgorithm.Unigram, bytes: false);
        Tokenizer tokenizer = SentencePieceTokenizer.Create(SentencePieceFile.Read(model, "m"), TokenizerSettings.None, "m");
        Assert.Equal([1, 4, 2], tokenizer.Encode("bcb", addSpecialTokens: false));
    }

    [DataFact]
    public void Every_vector_of_llama_cpp_is_met()
    {
        SentencePieceModel model = GgufVocabulary.Read(SharedData.PathOf("tokenizers/llamacpp/ggml-vocab-llama-spm.gguf.gz"));
        Tokenizer tokenizer = SentencePieceTokenizer.Create(model, TokenizerSettings.None, "gguf");
        JsonElement[] rows = [.. File.ReadLines(SharedData.PathOf("tokenizers/llamacpp/llama-spm.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(46, rows.Length);
        Assert.All(rows, row => Assert.Equal(
            row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()),
            tokenizer.Encode(row.GetProperty("text").GetString()!, addSpecialTokens: false)));
    }

    [DataFact]
    public void Every_vector_of_llama2_c_is_met()
    {
        using BinaryReader reader = new(new GZipStream(
            File.OpenRead(SharedData.PathOf("tokenizers/llama2_sentencepiece_bin/tokenizer.bin.gz")), CompressionMode.Decompress));
        reader.ReadInt32();
        List<SentencePiece> pieces = [];
        for (int id = 0; id < 32000; id++)
        {
            float score = reader.ReadSingle();
            string text = System.Text.Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadInt32()));
            var kind = id == 0 ? SentencePieceKind.Unknown : id < 3 ? SentencePieceKind.Control : id < 259 ? SentencePieceKind.Byte : SentencePieceKind.Normal;
            pieces.Add(new(id < 3 ? text.Trim() : text.Replace(' ', '\u2581'), score, kind));
        }

        SentencePieceModel model = new() { Pieces = pieces, Algorithm = SentencePieceAlgorithm.Bpe, ByteFallback = true, RemovesExtraBlanks = false };
        Tokenizer tokenizer = SentencePieceTokenizer.Create(model, TokenizerSettings.None, "bin");
        JsonElement[] rows = [.. File.ReadLines(SharedData.PathOf("tokenizers/llama2_sentencepiece_bin/vectors.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(5, rows.Length);
        Assert.All(rows, row => Assert.Equal(
            row.GetProperty("ids_with_bos").EnumerateArray().Select(id => id.GetInt32()).Skip(1),
            tokenizer.Encode(row.GetProperty("text").GetString()!, addSpecialTokens: false)));
    }

    private static void AssertSame(RustTokenizer both, byte[] model, Predicate<string>? within = null, bool mayReorder = false)
    {
        using ScratchFolder folder = new();
        File.WriteAllBytes(folder.File("tokenizer.model"), model);
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);
        int reordered = 0;
        foreach (string text in new RandomTexts(9).Take(TextCount).Where(text => within is null || within(text)))
        {
            int[] expected = both.Encode(text);
            int[] actual = tokenizer.Encode(text, addSpecialTokens: false);
            if (mayReorder && !expected.SequenceEqual(actual))
            {
                reordered++;
                (actual, expected) = ([.. actual.Order()], [.. expected.Order()]);
            }

            Assert.Equal(expected, actual);
            Assert.Equal(both.Decode(expected), tokenizer.Decode(expected, skipSpecialTokens: true));
        }

        Assert.InRange(reordered, 0, TextCount / 25);
    }

    private static byte[] ModelOf(int index) => Convert.FromBase64String(Vectors[index].GetProperty("model").GetString()!);

    private static SentencePieceKind KindOf(string piece, int id) => id switch
    {
        0 => SentencePieceKind.Unknown,
        1 => SentencePieceKind.Control,
        _ => ByteTokens.ByteOf(piece) is null ? SentencePieceKind.Normal : SentencePieceKind.Byte,
    };

    private static string Added(int id, string content) =>
        $$"""{"id": {{id}}, "content": "{{content}}", "special": true, "normalized": false, "lstrip": false, "rstrip": false, "single_word": false}""";
}
