using System.Text.Json;

namespace ReSTEM.Tests;

/// <summary>Every normalizer, pre-tokenizer, post-processor and decoder against the reference library, on thousands of random texts each.</summary>
public sealed class PartsAgainstRustTests
{
    /// <summary>A model whose ids show the text it is given and where its pieces end: bytes, and a '|' after each piece.</summary>
    private static readonly string Glass = Model(
        Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"), "\"end_of_word_suffix\": \"|\", \"byte_fallback\": true");

    [Theory]
    [InlineData("""{"type": "NFC"}""")]
    [InlineData("""{"type": "NFD"}""")]
    [InlineData("""{"type": "NFKC"}""")]
    [InlineData("""{"type": "NFKD"}""")]
    [InlineData("""{"type": "Lowercase"}""")]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": true}""")]
    [InlineData("""{"type": "Strip", "strip_left": false, "strip_right": true}""")]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": false}""")]
    [InlineData("""{"type": "StripAccents"}""")]
    [InlineData("""{"type": "Replace", "pattern": {"String": "e"}, "content": "3"}""")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "_"}""")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "[\\p{N}]+"}, "content": ""}""")]
    [InlineData("""{"type": "Prepend", "prepend": "_"}""")]
    [InlineData("""{"type": "Nmt"}""")]
    [InlineData("""{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true}""")]
    [InlineData("""{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": false}""")]
    [InlineData("""{"type": "BertNormalizer", "clean_text": false, "handle_chinese_chars": false, "strip_accents": true, "lowercase": false}""")]
    [InlineData("""{"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"}, {"type": "Sequence", "normalizers": []}]}""")]
    public void Normalizers(string normalizer)
    {
        using RustTokenizer both = new($$"""{"model": {{Glass}}, "added_tokens": [], "normalizer": {{normalizer}}}""");
        both.AssertEqual(new RandomTexts(1).Take(2000, OracleDifferences.Holds));
    }

    [Theory]
    [InlineData("""{"type": "BertPreTokenizer"}""")]
    [InlineData("""{"type": "Whitespace"}""")]
    [InlineData("""{"type": "WhitespaceSplit"}""")]
    [InlineData("""{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true}""")]
    [InlineData("""{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": true}""")]
    [InlineData("""{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": false}""")]
    [InlineData("""{"type": "Metaspace", "replacement": "_", "prepend_scheme": "never", "split": true}""")]
    [InlineData("""{"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": true}""")]
    [InlineData("""{"type": "Digits", "individual_digits": true}""")]
    [InlineData("""{"type": "Digits", "individual_digits": false}""")]
    [InlineData("""{"type": "Punctuation", "behavior": "Isolated"}""")]
    [InlineData("""{"type": "Punctuation", "behavior": "MergedWithNext"}""")]
    [InlineData("""{"type": "CharDelimiterSplit", "delimiter": "e"}""")]
    [InlineData("""{"type": "Split", "pattern": {"String": "e"}, "behavior": "MergedWithPrevious", "invert": false}""")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "\\s+"}, "behavior": "Contiguous", "invert": false}""")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "\\p{L}"}, "behavior": "MergedWithNext", "invert": true}""")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "\\p{L}+|."}, "behavior": "Removed", "invert": true}""")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}""")]
    [InlineData("""{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": true}]}""")]
    [InlineData("""{"type": "Sequence", "pretokenizers": [{"type": "Punctuation", "behavior": "Removed"}, {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": false}]}""")]
    public void PreTokenizers(string preTokenizer)
    {
        using RustTokenizer both = new($$"""
            {"model": {{Glass}}, "pre_tokenizer": {{preTokenizer}}, "added_tokens": [
              {"id": 256, "content": "[MASK]", "special": true, "normalized": false, "lstrip": true, "rstrip": false, "single_word": false},
              {"id": 257, "content": "the", "special": false, "normalized": true, "lstrip": false, "rstrip": false, "single_word": true}]}
            """);
        both.AssertEqual(new RandomTexts(2).Take(2000, OracleDifferences.Holds));
    }

    [Theory]
    [InlineData("""{"type": "BertProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0]}""")]
    [InlineData("""{"type": "RobertaProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0], "trim_offsets": true, "add_prefix_space": true}""")]
    [InlineData("""{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "</s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}], "special_tokens": {"</s>": {"id": "</s>", "ids": [1, 0], "tokens": ["</s>", "<s>"]}}}""")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true}""")]
    [InlineData("""{"type": "Sequence", "processors": [{"type": "BertProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0]}, {"type": "BertProcessing", "sep": ["b", 3], "cls": ["a", 2]}]}""")]
    public void PostProcessors(string postProcessor)
    {
        string model = Model(["<s>", "</s>", "a", "b", "<unk>"], "\"unk_token\": \"<unk>\"");
        using RustTokenizer both = new($$"""{"model": {{model}}, "added_tokens": [], "post_processor": {{postProcessor}}}""");
        both.AssertEqual(["", "a", "abba", " b"]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"type": "WordPiece", "prefix": "##", "cleanup": true}""")]
    [InlineData("""{"type": "WordPiece", "prefix": "##", "cleanup": false}""")]
    [InlineData("""{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true}""")]
    [InlineData("""{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "never", "split": true}""")]
    [InlineData("""{"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": true}""")]
    [InlineData("""{"type": "BPEDecoder", "suffix": "</w>"}""")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}""")]
    [InlineData("""{"type": "ByteFallback"}""")]
    [InlineData("""{"type": "Strip", "content": "\u2581", "start": 1, "stop": 0}""")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "[a-z]+"}, "content": "-"}""")]
    [InlineData("""{"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}""")]
    [InlineData("""{"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 2, "stop": 0}]}""")]
    [InlineData("""{"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": false}]}""")]
    public void Decoders(string decoder)
    {
        string[] tokens =
        [
            "<s>", "\u2581", "\u2581\u2581", "\u2581the", "a\u2581b", "##ing", "##", "n't", "'s", "do", "not", "do not", ".", "!", "'", " ' ", "ed</w>", "</w>", "\u0120word", "\u00C3",
            "\u00A9", "\u20AC", "<0xE2>", "<0x82>", "<0xAC>", "<0x41>", "<0x4>", " ", "   ", "  x ", "\u00E9",
        ];
        string model = Model(tokens, "\"unk_token\": null");
        using RustTokenizer both = new($$"""
            {"model": {{model}}, "decoder": {{decoder}}, "added_tokens": [
              {"id": 0, "content": "<s>", "special": true, "normalized": false, "lstrip": false, "rstrip": false, "single_word": false},
              {"id": {{tokens.Length}}, "content": "<user\u2581>", "special": false, "normalized": false, "lstrip": false, "rstrip": false, "single_word": false}]}
            """);
        RandomTexts random = new(3);
        string[] differences =
        [
            .. Enumerable.Range(0, 3000)
                .Select(_ => Enumerable.Range(0, random.Below(8)).Select(_ => random.Below(tokens.Length + 1)).ToArray())
                .Select(ids => both.DecodingDifference(ids) ?? StreamDifference(both, ids)).OfType<string>().Take(5),
        ];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    /// <summary>Every code point, between two letters: the list of differences is neither too short nor too long.</summary>
    [Fact]
    public void Only_the_listed_characters_differ()
    {
        string[] parts =
        [
            """ "normalizer": {"type": "NFKD"} """,
            """ "normalizer": {"type": "Lowercase"} """,
            """ "normalizer": {"type": "StripAccents"} """,
            """ "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": true, "lowercase": false} """,
            """ "pre_tokenizer": {"type": "BertPreTokenizer"} """,
            """ "pre_tokenizer": {"type": "Digits", "individual_digits": true} """,
            """ "pre_tokenizer": {"type": "Whitespace"} """,
        ];
        int[] all = [.. Enumerable.Range(1, 0xE01FF).Where(point => point is not ((>= 0xD800 and <= 0xDFFF) or (>= 0x323B0 and < 0xE0000)))];
        SortedSet<int> found = [];
        foreach (string part in parts)
        {
            using RustTokenizer both = new($$"""{"model": {{Glass}}, "added_tokens": [], {{part}}}""");
            found.UnionWith(all.Chunk(64).Where(chunk => Differs(both, chunk)).SelectMany(chunk => chunk).Where(point => Differs(both, [point])));
        }

        Assert.Equal(OracleDifferences.Points.Order(), found);
    }

    private static bool Differs(RustTokenizer both, int[] points)
    {
        string text = string.Join(' ', points.Select(point => $"a{char.ConvertFromUtf32(point)}b"));
        return !both.Encode(text).SequenceEqual(both.Ours.Encode(text, addSpecialTokens: true));
    }

    private static string? StreamDifference(RustTokenizer both, int[] ids)
    {
        var stream = both.Ours.CreateDecoder(skipSpecialTokens: true);
        string text = string.Concat(ids.Select(stream.Append)) + stream.Finish();
        return text == both.Decode(ids) ? null : $"one by one [{string.Join(' ', ids)}]: \"{text}\"";
    }

    private static string Model(IEnumerable<string> tokens, string keys)
    {
        string vocab = string.Join(", ", tokens.Select((token, id) => $"{JsonSerializer.Serialize(token)}: {id}"));
        return $$"""{"type": "BPE", {{keys}}, "merges": [], "vocab": { {{vocab}} } }""";
    }
}
