using System.IO.Compression;

namespace ReSTEM.Tests;

/// <summary>Whole tokenizers against the reference library, on tens of thousands of random texts.</summary>
public sealed class ModelsAgainstRustTests
{
    private const int TextCount = 10_000;

    [Theory]
    [InlineData(false, """{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true}""", "null")]
    [InlineData(true, """{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": false}""", "null")]
    [InlineData(true, """{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always"}]}""", """{"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]}""")]
    [InlineData(false, """{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}""", "null")]
    public void Unigram(bool bytes, string preTokenizer, string normalizer)
    {
        using RustTokenizer both = new($$"""
            {"model": {{CountedVocabulary.Unigram(4000, bytes)}}, "normalizer": {{normalizer}}, "pre_tokenizer": {{preTokenizer}}, "added_tokens": [
              {"id": 0, "content": "<unk>", "special": true, "normalized": false, "lstrip": false, "rstrip": false, "single_word": false}],
             "decoder": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true} }
            """);
        both.AssertEqual(new RandomTexts(4).Take(TextCount, OracleDifferences.Holds));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(5, false)]
    public void WordPiece(int longestWord, bool lowers)
    {
        using RustTokenizer both = new($$$"""
            {"model": {{{CountedVocabulary.WordPiece(4000, longestWord)}}}, "pre_tokenizer": {"type": "BertPreTokenizer"},
             "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": {{{(lowers ? "true" : "false")}}} },
             "post_processor": {"type": "BertProcessing", "sep": ["b", 2], "cls": ["a", 1]}, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true} }
            """);
        both.AssertEqual(new RandomTexts(5).Take(TextCount, OracleDifferences.Holds));
    }

    [Theory]
    [InlineData("\"continuing_subword_prefix\": \"##\", \"fuse_unk\": true", true)]
    [InlineData("\"end_of_word_suffix\": \"</w>\", \"fuse_unk\": false", true)]
    [InlineData("\"fuse_unk\": true", false)]
    [InlineData("\"ignore_merges\": true", false)]
    public void Byte_pairs_over_characters(string keys, bool cutsWords)
    {
        (string prefix, string suffix) = (keys.Contains("##") ? "##" : "", keys.Contains("</w>") ? "</w>" : "");
        string letters = "theondigab.\u2581";
        string[] tokens = ["<unk>", .. letters.Select(c => $"{c}"), .. letters.Select(c => $"{prefix}{c}"), .. letters.Select(c => $"{c}{suffix}")];
        List<string> vocabulary = [.. tokens.Distinct()];
        List<string> merges = [];
        RandomTexts random = new(6);
        while (merges.Count < 200)
        {
            string left = vocabulary[1 + random.Below(vocabulary.Count - 1)];
            string right = vocabulary[1 + random.Below(vocabulary.Count - 1)];
            if ((prefix.Length == 0 || right.StartsWith(prefix, StringComparison.Ordinal)) && (suffix.Length == 0 || !left.EndsWith(suffix, StringComparison.Ordinal)))
            {
                string merged = left + right[prefix.Length..];
                merges.Add($"\"{left} {right}\"");
                vocabulary.AddRange(vocabulary.Contains(merged) ? [] : [merged]);
            }
        }

        string vocab = string.Join(", ", vocabulary.Select((token, id) => $"\"{token}\": {id}"));
        using RustTokenizer both = new($$"""
            {"model": {"type": "BPE", "unk_token": "<unk>", {{keys}}, "vocab": { {{vocab}} }, "merges": [{{string.Join(", ", merges)}}] },
             "pre_tokenizer": {{(cutsWords ? "{\"type\": \"Whitespace\"}" : "null")}}, "decoder": {"type": "BPEDecoder", "suffix": "</w>"} }
            """);
        both.AssertEqual(Enumerable.Range(0, TextCount).Select(_ => new string([.. Enumerable.Range(0, random.Below(80)).Select(_ => (letters + " X")[random.Below(letters.Length + 2)])])));
    }

    [DataTheory]
    [InlineData("gpt2")]
    [InlineData("llama3")]
    [InlineData("qwen3")]
    [InlineData("gemma3")]
    [InlineData("mistral_v01_as_llama2")]
    public void Published_tokenizers(string name)
    {
        using GZipStream stream = new(File.OpenRead(SharedData.PathOf($"tokenizers/{name}/tokenizer.json.gz")), CompressionMode.Decompress);
        using MemoryStream json = new();
        stream.CopyTo(json);
        using RustTokenizer both = new(json.ToArray());
        RandomTexts random = new(7);
        both.AssertEqual(random.Take(TextCount, OracleDifferences.Holds));
        string[] differences =
        [
            .. Enumerable.Range(0, TextCount)
                .Select(_ => Enumerable.Range(0, random.Below(12)).Select(_ => random.Below(both.Ours.VocabularySize)).ToArray())
                .Select(both.DecodingDifference).OfType<string>().Take(5),
        ];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }
}
