using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ReSTEM.Models;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

/// <summary>Folders without tokenizer.json: what stands beside the vocabulary, tiktoken files, and what is missing.</summary>
public sealed class TokenizerFolderTests
{
    private static readonly byte[] Small = ProtobufWriter.Model(
        [
            ("<unk>", 0, SentencePieceKind.Unknown), ("<s>", 0, SentencePieceKind.Control), ("</s>", 0, SentencePieceKind.Control),
            ("\u2581", -3, SentencePieceKind.Normal), ("a", -3, SentencePieceKind.Normal), ("\u2581a", -2, SentencePieceKind.Normal),
            ("<ud>", 0, SentencePieceKind.UserDefined),
        ],
        SentencePieceAlgorithm.Bpe, bytes: false);

    [Theory]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", "a</s>a", new[] { 1, 5, 2, 5 })]
    [InlineData("""{"tokenizer_class": "LlamaTokenizerFast", "add_eos_token": true}""", "a", new[] { 1, 5, 2 })]
    [InlineData("""{"tokenizer_class": "T5Tokenizer"}""", "a", new[] { 5, 2 })]
    [InlineData("""{"tokenizer_class": "OwnTokenizer", "add_bos_token": false}""", "a", new[] { 5 })]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "legacy": false}""", "a</s>a", new[] { 1, 5, 2, 4 })]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "add_prefix_space": false}""", "a", new[] { 1, 4 })]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "bos_token": {"content": "</s>"}}""", "a", new[] { 2, 5 })]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "added_tokens_decoder": {"7": {"content": "<new>", "special": true, "normalized": false, "rstrip": true}}}""", "a<new> a", new[] { 1, 5, 7, 5 })]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "additional_special_tokens": ["<ud>"]}""", "a<ud>a", new[] { 1, 5, 6, 5 })]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", "a<ud>a b", new[] { 1, 5, 6, 4, 3, 0 })] // SentencePiece's own: no blank after it
    public void Settings_beside_a_SentencePiece_model_are_heeded(string config, string text, int[] expected)
    {
        using ScratchFolder folder = Folder(("tokenizer.model", Small), ("tokenizer_config.json", Encoding.UTF8.GetBytes(config)));
        Assert.Equal(expected, Tokenizer.Load(folder.Path).Encode(text, addSpecialTokens: true));
    }

    [Fact]
    public void Special_tokens_are_left_out_of_text_wherever_they_are_named()
    {
        using ScratchFolder folder = Folder(
            ("tokenizer.model", Small), ("special_tokens_map.json", """{"mask_token": "<ud>"}"""u8.ToArray()), ("added_tokens.json", """{"<x>": 8}"""u8.ToArray()));
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);
        Assert.Equal("a<x>", tokenizer.Decode([1, 5, 6, 8, 2], skipSpecialTokens: true));
        Assert.Equal("<s> a<ud><x></s>", tokenizer.Decode([1, 5, 6, 8, 2], skipSpecialTokens: false));
        Assert.Equal(9, tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("""{"tokenizer_class": "OwnTokenizer"}""", "tokenizer_config.json: tokenizer_class is 'OwnTokenizer' without add_bos_token and add_eos_token, expected one of them, or one of the classes LlamaTokenizer, CodeLlamaTokenizer, GemmaTokenizer, T5Tokenizer.")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "pad_token": "<pad>"}""", "tokenizer_config.json: pad_token is '<pad>', expected a token of the vocabulary or of added_tokens_decoder.")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "added_tokens_decoder": {"3": {"content": "<x>"}}}""", "tokenizer_config.json: the id of added token '<x>' is 3, but that of '\u2581', expected an id of its own.")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "added_tokens_decoder": {"-3": {"content": "<x>"}}}""", "added_tokens_decoder is with '-3', expected ids from 0 to 10000000.")]
    [InlineData("{", "tokenizer_config.json:1: not well-formed JSON")]
    public void Settings_that_do_not_fit_are_refused_by_name(string config, string message)
    {
        using ScratchFolder folder = Folder(("tokenizer.model", Small), ("tokenizer_config.json", Encoding.UTF8.GetBytes(config)));
        string actual = Assert.Throws<InvalidDataException>(() => Tokenizer.Load(folder.Path)).Message;
        Assert.StartsWith(folder.Path, actual);
        Assert.Contains(message, actual);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_named()
    {
        using ScratchFolder folder = new();
        Assert.Equal(
            $"{folder.Path} has no tokenizer, expected tokenizer.json, tokenizer.model or one *.tiktoken.",
            Assert.Throws<FileNotFoundException>(() => Tokenizer.Load(folder.Path)).Message);
        Assert.Null(ModelDescription.TokenizerOf(folder.Path, TestModels.Config()));
    }

    [Fact]
    public void A_tokenizer_larger_than_the_model_is_refused_whatever_its_format()
    {
        using ScratchFolder folder = Folder(("tokenizer.model", Small));
        ModelConfig config = TestModels.Config() with { VocabularySize = 6 };
        string message = Assert.Throws<InvalidDataException>(() => ModelDescription.TokenizerOf(folder.Path, config)).Message;
        Assert.EndsWith("tokenizer.model: the tokenizer has 7 tokens, expected at most 6 (vocab_size of config.json).", message);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Only_special_tokens_may_lie_beyond_the_model(string special, bool opens)
    {
        using ScratchFolder folder = Folder(("tokenizer.json", System.Text.Encoding.UTF8.GetBytes($$"""
            {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}, "added_tokens": [
              {"id": 2, "content": "<image>", "special": {{special}}, "normalized": false, "lstrip": false, "rstrip": false, "single_word": false}]}
            """)));
        ModelConfig config = TestModels.Config() with { VocabularySize = 2 };
        if (!opens)
        {
            Assert.Throws<InvalidDataException>(() => ModelDescription.TokenizerOf(folder.Path, config));
            return;
        }

        Assert.Equal([0, 2, 1], ModelDescription.TokenizerOf(folder.Path, config)!.Encode("a<image>b", addSpecialTokens: false));
    }

    [DataTheory]
    [InlineData("gpt2", "gpt2.tiktoken", "{}", "\"add_bos_token\": false")]
    [InlineData("gpt2", "r50k_base.tiktoken", "{}", "\"add_bos_token\": false")]
    [InlineData("llama3", "tokenizer.model", "llama3", "\"add_bos_token\": false")]
    [InlineData("qwen3", "any.tiktoken", "qwen3", "\"add_bos_token\": false")]
    public void A_tiktoken_file_gives_what_the_tokenizer_json_gives(string name, string file, string pattern, string keys)
    {
        using GZipStream stream = new(File.OpenRead(SharedData.PathOf($"tokenizers/{name}/tokenizer.json.gz")), CompressionMode.Decompress);
        using JsonDocument document = JsonDocument.Parse(stream);
        StringBuilder ranks = new();
        foreach (JsonProperty token in document.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject())
        {
            if (token.Name.All(character => ByteAlphabet.ByteOf(character) >= 0) && token.Name != "<|endoftext|>")
            {
                byte[] bytes = [.. token.Name.Select(character => (byte)ByteAlphabet.ByteOf(character))];
                ranks.Append(Convert.ToBase64String(bytes)).Append(' ').Append(token.Value.GetInt32()).Append('\n');
            }
        }

        var added = document.RootElement.GetProperty("added_tokens").EnumerateArray()
            .ToDictionary(token => $"{token.GetProperty("id").GetInt32()}", token => token);
        string regex = pattern switch { "llama3" => ScannedPattern.Llama3, "qwen3" => ScannedPattern.Qwen2, _ => "" };
        string config = $$"""{ {{keys}}, "added_tokens_decoder": {{JsonSerializer.Serialize(added)}}, "pat_str": {{(regex.Length > 0 ? JsonSerializer.Serialize(regex) : "null")}} }""";
        using ScratchFolder folder = Folder((file, Encoding.ASCII.GetBytes(ranks.ToString())), ("tokenizer_config.json", Encoding.UTF8.GetBytes(config)));
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);
        using GZipStream vectors = new(File.OpenRead(SharedData.PathOf($"tokenizers/{name}/vectors.jsonl.gz")), CompressionMode.Decompress);
        foreach (string line in new StreamReader(vectors).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            string text = row.GetProperty("text").GetString()!;
            if (name == "qwen3" && !Ascii.IsValid(text)) // tiktoken has no normal form
            {
                continue;
            }

            int[] ids = [.. row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(ids, tokenizer.Encode(text, addSpecialTokens: true));
            Assert.Equal(row.GetProperty("decoded").GetString(), tokenizer.Decode(ids, skipSpecialTokens: false));
            Assert.Equal(row.GetProperty("decoded_skip_special").GetString(), tokenizer.Decode(ids, skipSpecialTokens: true));
        }
    }

    [Theory]
    [InlineData("IQ== 0\n", "own.tiktoken", "own.tiktoken: the pattern that splits text is not known, expected 'pat_str' in tokenizer_config.json, or a file named gpt2.tiktoken")]
    [InlineData("IQ== 0\nIg== 0\n", "gpt2.tiktoken", "gpt2.tiktoken:2: the line is 'Ig== 0', expected a token in base64 and its rank from 0 to 10000000, each once.")]
    [InlineData("IQ== 0\nIg= 1\n", "gpt2.tiktoken", "gpt2.tiktoken:2: the line is 'Ig= 1'")]
    [InlineData("IQ== 0\nIg== -1\n", "gpt2.tiktoken", "gpt2.tiktoken:2: the line is 'Ig== -1'")]
    public void Tiktoken_files_that_cannot_be_read_are_refused_by_name(string ranks, string file, string message)
    {
        using ScratchFolder folder = Folder((file, Encoding.ASCII.GetBytes(ranks)));
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Tokenizer.Load(folder.Path)).Message);
    }

    [Fact]
    public void One_of_two_tiktoken_files_is_not_guessed()
    {
        using ScratchFolder folder = Folder(("a.tiktoken", "IQ== 0\n"u8.ToArray()), ("b.tiktoken", "IQ== 0\n"u8.ToArray()));
        Assert.EndsWith("has 2 files *.tiktoken, expected one.", Assert.Throws<InvalidDataException>(() => Tokenizer.Load(folder.Path)).Message);
    }

    private static ScratchFolder Folder(params (string Name, byte[] Content)[] files)
    {
        ScratchFolder folder = new();
        foreach ((string name, byte[] content) in files)
        {
            File.WriteAllBytes(folder.File(name), content);
        }

        return folder;
    }
}
