using System.Text.Json.Nodes;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class GgufTokenizerTests
{
    private const string ByteLevel = """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}""";

    private static readonly string Blank = "\u2581";

    [Fact]
    public void A_byte_level_vocabulary_goes_along_with_its_merges_and_kinds()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch.File("tokenizer_config.json"), """{"pad_token": {"content": "<think>"}, "chat_template": "{{ messages }}"}""");
        var file = Export(scratch, ByteLevelFile(ByteLevel));
        Assert.Equal("gpt2", file.Metadata["tokenizer.ggml.model"]);
        Assert.Equal("gpt-2", file.Metadata["tokenizer.ggml.pre"]);
        Assert.Equal(["a", "b", "ab", "\u0120", "<|end|>", "<think>", "[PAD6]", "[PAD7]"], List(file, "tokens"));
        Assert.Equal(["a b"], List(file, "merges"));
        Assert.Equal([1, 1, 1, 1, 3, 4, 5, 5], List(file, "token_type"));
        Assert.Equal((4u, 4u, 5u), (file.Metadata["tokenizer.ggml.bos_token_id"], file.Metadata["tokenizer.ggml.eos_token_id"], file.Metadata["tokenizer.ggml.padding_token_id"]));
        Assert.Equal((false, false), (file.Metadata["tokenizer.ggml.add_bos_token"], file.Metadata["tokenizer.ggml.add_eos_token"]));
        Assert.Equal("{{ messages }}", file.Metadata["tokenizer.chat_template"]);
    }

    [Fact]
    public void A_template_file_goes_before_the_configuration_and_of_several_the_default_counts()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch.File("tokenizer_config.json"), """{"chat_template": [{"name": "tools", "template": "t"}, {"name": "default", "template": "d"}]}""");
        Assert.Equal("d", Export(scratch, ByteLevelFile(ByteLevel)).Metadata["tokenizer.chat_template"]);
        File.WriteAllText(scratch.File("chat_template.jinja"), "own");
        Assert.Equal("own", Export(scratch, ByteLevelFile(ByteLevel)).Metadata["tokenizer.chat_template"]);
    }

    [Theory]
    [InlineData("""{"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true}, BYTES]}""", false, "smollm")]
    [InlineData("""{"type": "Sequence", "pretokenizers": [SPLIT3, PLAIN]}""", true, "llama-bpe")]
    [InlineData("""{"type": "Sequence", "pretokenizers": [SPLIT3, PLAIN]}""", false, "dbrx")]
    [InlineData("""{"type": "Sequence", "pretokenizers": [SPLIT1, PLAIN]}""", false, "qwen2")]
    public void How_text_is_cut_has_its_name(string cut, bool ignoresMerges, string name)
    {
        using var scratch = new ScratchFolder();
        var file = Export(scratch, ByteLevelFile(Written(cut), ignoresMerges));
        Assert.Equal(name, file.Metadata["tokenizer.ggml.pre"]);
    }

    [Theory]
    [InlineData("""{"type": "Sequence", "pretokenizers": [SPLIT1, PLAIN]}""", true, "model.ignore_merges is true, expected false where text is cut like qwen2")]
    [InlineData("""{"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": false}, BYTES]}""", false, "llama.cpp knows")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true, "use_regex": true}""", false, "pre_tokenizer.add_prefix_space is true, expected false")]
    public void Another_cut_is_refused(string cut, bool ignoresMerges, string expected)
    {
        using var scratch = new ScratchFolder();
        var fault = Assert.Throws<InvalidDataException>(() => Export(scratch, ByteLevelFile(Written(cut), ignoresMerges)));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_llama_cpp_leaves_undone_is_said()
    {
        using var scratch = new ScratchFolder();
        var tokenizer = ByteLevelFile(ByteLevel);
        tokenizer["normalizer"] = new JsonObject { ["type"] = "NFC" };
        tokenizer["added_tokens"]![0]!["rstrip"] = true;
        Write(scratch, tokenizer, out var notes);
        Assert.Equal(2, notes.Count);
        Assert.Contains("<|end|>", notes[0], StringComparison.Ordinal);
        Assert.Contains("NFC", notes[1], StringComparison.Ordinal);
        tokenizer["normalizer"] = new JsonObject { ["type"] = "NFD" };
        Assert.Throws<InvalidDataException>(() => Export(scratch, tokenizer));
    }

    [Theory]
    [InlineData(true, "mine.gguf", "mine (phi3)")]
    [InlineData(true, "Phi-3-mine.gguf", "Phi-3-mine")]
    [InlineData(false, "mine.gguf", "mine")]
    [InlineData(false, "my-phi3.gguf", "model")]
    public void The_name_says_Phi_3_where_added_tokens_take_the_white_space_after_them(bool strips, string file, string name)
    {
        using var scratch = new ScratchFolder();
        var tokenizer = ByteLevelFile(ByteLevel);
        foreach (JsonNode? token in tokenizer["added_tokens"]!.AsArray())
        {
            token!["rstrip"] = strips;
        }

        File.WriteAllText(scratch.File("tokenizer.json"), tokenizer.ToJsonString());
        var config = TestModels.Config() with { VocabularySize = 8, EndTokenIds = [4] };
        Assert.Empty(GgufModel.Write(scratch.File(file), TestModels.Random(config), scratch.Path, GgufType.F32));
        Assert.Equal(name, GgufFile.Read(scratch.File(file)).Metadata["general.name"]);
    }

    [Fact]
    public void A_SentencePiece_vocabulary_has_scores_by_merge_and_kinds_of_its_own()
    {
        using var scratch = new ScratchFolder();
        var file = Export(scratch, SentencePieceFile([[Blank, "a"], ["a", "b"]], prepends: true));
        Assert.Equal("llama", file.Metadata["tokenizer.ggml.model"]);
        Assert.Equal(true, file.Metadata["tokenizer.ggml.add_space_prefix"]);
        Assert.Equal(["<unk>", "<s>", "<0x0A>", Blank, "a", "b", Blank + "a", "ab", "   ", "[PAD9]"], List(file, "tokens"));
        Assert.Equal([2, 3, 6, 1, 1, 1, 1, 1, 4, 5], List(file, "token_type"));
        Assert.Equal([-2f, -2f, -2f, -2f, -2f, -2f, 0f, -1f, -2f, -2f], List(file, "scores"));
        Assert.Equal((true, 1u, 0u), (file.Metadata["tokenizer.ggml.add_bos_token"], file.Metadata["tokenizer.ggml.bos_token_id"], file.Metadata["tokenizer.ggml.unknown_token_id"]));
    }

    [Fact]
    public void Merges_that_no_scores_can_say_are_refused()
    {
        using var scratch = new ScratchFolder();
        var missing = SentencePieceFile([["a", "b"], [Blank, "ab"]], prepends: false, "\u2581ab");
        missing["model"]!["vocab"]![Blank + "a"] = 9; // another way to cut it, which no merge has
        Assert.Contains("without a merge of", Assert.Throws<InvalidDataException>(() => Export(scratch, missing)).Message, StringComparison.Ordinal);

        var apart = SentencePieceFile([[Blank, "a"], [Blank + "a", "b"], ["a", "b"], [Blank, "ab"]], prepends: false, "\u2581ab");
        Assert.Contains("apart from the others", Assert.Throws<InvalidDataException>(() => Export(scratch, apart)).Message, StringComparison.Ordinal);

        var other = SentencePieceFile([], prepends: false);
        other["normalizer"] = new JsonObject { ["type"] = "NFC" };
        Assert.Contains("expected Replace of blanks", Assert.Throws<InvalidDataException>(() => Export(scratch, other)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pre_tokenizer", """{"type": "Punctuation", "behavior": "Isolated"}""", "expected none, or one that cuts at blanks")]
    [InlineData("model.ignore_merges", "true", "model.ignore_merges is true")]
    [InlineData("model.byte_fallback", "false", "byte_fallback")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": false}""", "")]
    public void Another_way_to_find_SentencePiece_tokens_is_refused(string key, string value, string expected)
    {
        using var scratch = new ScratchFolder();
        var tokenizer = SentencePieceFile([[Blank, "a"], ["a", "b"]], prepends: false);
        string[] path = key.Split('.');
        (path.Length == 1 ? tokenizer : tokenizer[path[0]]!)[path[^1]] = JsonNode.Parse(value);
        if (expected.Length == 0)
        {
            Assert.Equal(false, Export(scratch, tokenizer).Metadata["tokenizer.ggml.add_space_prefix"]);
            return;
        }

        var fault = Assert.Throws<InvalidDataException>(() => Export(scratch, tokenizer));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Merges_of_a_run_that_is_found_as_a_whole_may_stand_apart()
    {
        using var scratch = new ScratchFolder();
        var tokenizer = SentencePieceFile([[Blank, Blank], [Blank + Blank, Blank], ["a", "b"], [Blank, Blank + Blank]], prepends: false);
        tokenizer["model"]!["vocab"]!.AsObject().Remove(Blank + "a"); // no merge makes it here
        tokenizer["model"]!["vocab"]![Blank + Blank] = 9;
        Assert.Equal([-3f, -3f, -3f, -3f, -3f, -3f, -3f, -2f, -1f, 0f], List(Export(scratch, tokenizer), "scores"));
    }

    [Fact]
    public void Added_tokens_that_are_found_late_are_said()
    {
        using var scratch = new ScratchFolder();
        var tokenizer = SentencePieceFile([[Blank, "a"], ["a", "b"]], prepends: false);
        tokenizer["added_tokens"]![1]!["normalized"] = true;
        Write(scratch, tokenizer, out var notes);
        Assert.Contains("1 added token(s) are looked for after", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_tokenizer_is_refused_unless_none_is_wanted()
    {
        using var scratch = new ScratchFolder();
        var weights = TestModels.Random(TestModels.Config());
        var fault = Assert.Throws<InvalidDataException>(() => GgufModel.Write(scratch.File("a.gguf"), weights, scratch.Path, GgufType.F32));
        Assert.Contains("--no-tokenizer", fault.Message, StringComparison.Ordinal);
    }

    private static string Written(string cut) => cut
        .Replace("BYTES", ByteLevel, StringComparison.Ordinal)
        .Replace("PLAIN", ByteLevel.Replace("\"use_regex\": true", "\"use_regex\": false", StringComparison.Ordinal), StringComparison.Ordinal)
        .Replace("SPLIT3", Split(@"\p{N}{1,3}"), StringComparison.Ordinal)
        .Replace("SPLIT1", Split(@"\p{N}"), StringComparison.Ordinal);

    private static string Split(string numbers) => new JsonObject
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject
        {
            ["Regex"] = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|" + numbers + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    }.ToJsonString();

    private static JsonObject ByteLevelFile(string cut, bool ignoresMerges = false) => new()
    {
        ["added_tokens"] = new JsonArray(Added(4, "<|end|>", true), Added(5, "<think>", false)),
        ["normalizer"] = null,
        ["pre_tokenizer"] = JsonNode.Parse(cut),
        ["post_processor"] = null,
        ["decoder"] = JsonNode.Parse(ByteLevel),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["ignore_merges"] = ignoresMerges,
            ["vocab"] = new JsonObject { ["a"] = 0, ["b"] = 1, ["ab"] = 2, ["\u0120"] = 3 },
            ["merges"] = new JsonArray("a b"),
        },
    };

    private static JsonObject SentencePieceFile(string[][] merges, bool prepends, string last = "ab")
    {
        var replace = JsonNode.Parse("""{"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}""");
        string[] tokens = ["<unk>", "<s>", "<0x0A>", Blank, "a", "b", Blank + "a", last, Blank + Blank + Blank];
        if (last != "ab")
        {
            tokens[6] = "ab";
        }

        var vocabulary = new JsonObject();
        foreach (var (id, token) in tokens.Index())
        {
            vocabulary[token] = id;
        }

        if (merges.Length == 4)
        {
            vocabulary[Blank + "a"] = 9;
        }

        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added(0, "<unk>", true), Added(1, "<s>", true), Added(8, Blank + Blank + Blank, false)),
            ["normalizer"] = prepends
                ? new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray(JsonNode.Parse("""{"type": "Prepend", "prepend": "\u2581"}"""), replace) }
                : replace,
            ["pre_tokenizer"] = null,
            ["post_processor"] = JsonNode.Parse("""
                {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                 "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}
                """),
            ["decoder"] = JsonNode.Parse("""
                {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]}
                """),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["unk_token"] = "<unk>",
                ["fuse_unk"] = true,
                ["byte_fallback"] = true,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. merges.Select(pair => JsonValue.Create($"{pair[0]} {pair[1]}"))]),
            },
        };
    }

    private static JsonObject Added(int id, string content, bool special) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = special,
    };

    private static object[] List(GgufFile file, string key) => (object[])file.Metadata["tokenizer.ggml." + key];

    private static GgufFile Export(ScratchFolder scratch, JsonObject tokenizer) => Write(scratch, tokenizer, out _);

    private static GgufFile Write(ScratchFolder scratch, JsonObject tokenizer, out IReadOnlyList<string> notes)
    {
        bool isByteLevel = tokenizer["model"]!["unk_token"] is null;
        File.WriteAllText(scratch.File("tokenizer.json"), tokenizer.ToJsonString());
        var config = TestModels.Config() with { VocabularySize = isByteLevel ? 8 : 10, BeginTokenId = null, EndTokenIds = isByteLevel ? [4] : [1] };
        notes = GgufModel.Write(scratch.File("model.gguf"), TestModels.Random(config), scratch.Path, GgufType.F32);
        return GgufFile.Read(scratch.File("model.gguf"));
    }
}
