using System.Text;
using ReSTEM.Core;
using ReSTEM.Tokenizers;

namespace ReSTEM.Tests;

/// <summary>Parts of a tokenizer.json that the published vectors do not reach.</summary>
public sealed class TokenizationTests
{
    [Theory]
    [InlineData(nameof(SplitBehavior.Removed), "a-b--c", "a|b|c")]
    [InlineData(nameof(SplitBehavior.Isolated), "a-b--c", "a|-|b|-|-|c")]
    [InlineData(nameof(SplitBehavior.Contiguous), "a-b--c", "a|-|b|--|c")]
    [InlineData(nameof(SplitBehavior.MergedWithPrevious), "a-b--c", "a-|b-|-|c")]
    [InlineData(nameof(SplitBehavior.MergedWithNext), "a-b--c", "a|-b|-|-c")]
    public void Split_behaviours_cut_as_their_documentation_says(string behavior, string text, string expected)
    {
        TextSplitter splitter = new(new CodePointRegex("-"), Enum.Parse<SplitBehavior>(behavior), invert: false);
        Assert.Equal(expected, string.Join('|', Pieces(splitter, text)));
    }

    [Fact]
    public void An_inverted_split_keeps_the_matches()
    {
        TextSplitter splitter = new(new CodePointRegex(@"\p{L}+"), SplitBehavior.Removed, invert: true);
        Assert.Equal(["ab", "c"], Pieces(splitter, "ab, c!"));
    }

    [Theory]
    [InlineData(@"\p{L}+", "\U00010400\U00010428a", new[] { "\U00010400\U00010428a" })] // Deseret letters
    [InlineData(@"\p{Lu}", "\U00010400\U00010428", new[] { "\U00010400" })] // a capital and its small letter
    [InlineData(@"[^\s\p{L}\p{N}]+", "a\U0001F600\U0001F601 b", new[] { "\U0001F600\U0001F601" })] // emoji are symbols
    [InlineData(@"\p{N}{1,3}", "\U0001D7CE\U0001D7CF23", new[] { "\U0001D7CE\U0001D7CF2", "3" })] // bold digits
    [InlineData("(?i:'s)", "'s'S'\u017F", new[] { "'s", "'S", "'\u017F" })] // the long s folds to s
    [InlineData("a?+a|b", "aab", new[] { "aa", "b" })] // possessive: does not give the a back
    [InlineData(@"\s+(?!\S)|\s", "  \u3000x", new[] { "  ", "\u3000" })]
    [InlineData(@"[^\r\n\p{L}]?\p{L}+", "\U0001F600ab", new[] { "\U0001F600ab" })]
    public void Patterns_work_on_code_points(string pattern, string text, string[] expected)
    {
        List<(int Start, int Length)> matches = [];
        new CodePointRegex(pattern).Matches(text, matches);
        Assert.Equal(expected, matches.Select(match => text.Substring(match.Start, match.Length)));
    }

    [Theory]
    [InlineData(@"\w+", @"'\w'")]
    [InlineData(@"\p{Han}", "the property 'Han'")]
    [InlineData("[a[b]]", "a character class inside another")]
    [InlineData("^a", "the anchor '^'")]
    [InlineData("(?x:a)", "the group '(?x:a'")]
    [InlineData("a{2}+", "'{2}+'")]
    [InlineData("(a", "a group that is not closed")]
    [InlineData(@"(a)\1", @"'\1'")]
    public void Patterns_that_other_engines_read_differently_are_refused(string pattern, string what) =>
        Assert.Contains(what, Assert.Throws<FormatException>(() => new CodePointRegex(pattern)).Message);

    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")] // UAX 15, figure 6: stays as it is in form C
    [InlineData("\u212B", "\u00C5")] // figure 3: the angstrom sign
    [InlineData("D\u0307\u0323", "\u1E0C\u0307")] // figure 4: marks are put in order first
    [InlineData("\u1112\u1161\u11AB", "\uD55C")] // Hangul "han"
    [InlineData("\u0915\u093C", "\u0915\u093C")] // U+0958 is excluded from composition
    [InlineData("\U0001D157\U0001D165", "\U0001D157\U0001D165")] // a musical symbol, excluded too
    [InlineData("a\u0316\u0301", "\u00E1\u0316")] // a mark of another class between does not block
    [InlineData("a\u0317\u0316\u0300", "\u00E0\u0317\u0316")]
    [InlineData("a\u0305\u0301", "a\u0305\u0301")] // a mark of the same class between does (3.11, D115)
    public void Normal_form_C_composes(string text, string expected) => Assert.Equal(expected, CanonicalForm.Compose(text));

    [Theory]
    [InlineData("\u1E9B\u0323", "\u017F\u0323\u0307")] // UAX 15, figure 6
    [InlineData("\uD55C", "\u1112\u1161\u11AB")]
    [InlineData("\u01D5", "U\u0308\u0304")]
    public void Normal_form_D_decomposes(string text, string expected) => Assert.Equal(expected, CanonicalForm.Decompose(text));

    [Fact]
    public void Added_tokens_strip_and_need_whole_words_as_they_say()
    {
        AddedToken mask = new() { Id = 1, Content = "<mask>", StripsLeft = true };
        AddedToken word = new() { Id = 2, Content = "cat", SingleWord = true };
        AddedToken end = new() { Id = 3, Content = "<end>", StripsRight = true };
        AddedTokenFinder finder = new(new[] { mask, word, end }.Select(token => (token.Content, token)));
        string text = "a  <mask> cats cat <end>  b";
        var pieces = finder.Split(text).Select(piece => (piece.Token?.Id, text.Substring(piece.Start, piece.Length)));
        Assert.Equal(
            [(null, "a"), (1, "  <mask>"), (null, " cats "), (2, "cat"), (null, " "), (3, "<end>  "), (null, "b")], pieces);
    }

    [Fact]
    public void The_longest_added_token_wins()
    {
        AddedToken one = new() { Id = 1, Content = "\n" };
        AddedToken two = new() { Id = 2, Content = "\n\n" };
        AddedTokenFinder finder = new(new[] { one, two }.Select(token => (token.Content, token)));
        Assert.Equal([2, 1], finder.Split("\n\n\n").Select(piece => piece.Token!.Id));
    }

    [Fact]
    public void Half_a_surrogate_pair_reads_as_the_replacement_character()
    {
        Tokenizer tokenizer = Load("");
        Assert.Equal("a\uFFFDb", tokenizer.Decode(tokenizer.Encode("a\uD83Db", addSpecialTokens: false), skipSpecialTokens: false));
    }

    [Fact]
    public void A_template_puts_its_tokens_around_the_text()
    {
        Tokenizer tokenizer = Load("""
            , "post_processor": {"type": "Sequence", "processors": [{"type": "ByteLevel"}, {"type": "TemplateProcessing",
              "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
              "special_tokens": {"<s>": {"id": "<s>", "ids": [300], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [301, 302], "tokens": ["x", "y"]}}}]}
            """);
        Assert.Equal([300, 'a', 301, 302], tokenizer.Encode("a", addSpecialTokens: true));
    }

    [Theory]
    [InlineData("\"type\": \"WordLevel\"", "model.type is 'WordLevel', expected one of 'BPE', 'Unigram', 'WordPiece'.")]
    [InlineData("\"dropout\": 0.1", "model.dropout is 0.1, expected null or 0: encoding is never random.")]
    public void What_is_not_supported_is_refused_by_name(string modelKey, string message) =>
        Assert.Equal($"t.json: {message}", Assert.Throws<InvalidDataException>(() => Load("", modelKey)).Message);

    [Theory]
    [InlineData(", \"normalizer\": {\"type\": \"NFX\"}", "normalizer.type is 'NFX'")]
    [InlineData(", \"post_processor\": {\"type\": \"GptProcessing\"}", "post_processor.type is 'GptProcessing'")]
    [InlineData(", \"added_tokens\": [{\"id\": 7, \"content\": \"<s>\"}]", "added_tokens[0].id is 7, the id of '\u0107', expected an id of its own")]
    public void Unknown_parts_are_refused_by_name(string rest, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Load(rest)).Message);

    [Fact]
    public void A_damaged_file_is_named_with_its_line()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Tokenizer.Load(new MemoryStream("{\n\"model\": }"u8.ToArray()), "t.json"));
        Assert.StartsWith("t.json:2: not well-formed JSON", exception.Message);
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_with_its_name()
    {
        byte[] whole = BpeTrainer.Train(["some words, some more words"], @"####| ?\p{L}+|(?i:'s)|[^\s\p{L}]{1,3}|\s+(?!\S)|.", 262, ["<|endoftext|>", "<s>"]);
        RandomSequence random = RandomStream.Of(1, RandomPurpose.Sample).Sequence();
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = [.. whole];
            for (int flip = random.Between(1, 3); flip > 0; flip--)
            {
                bool atPattern = random.Chance(0.5); // the file is mostly vocabulary
                int position = atPattern ? random.Below(1500) : random.Below(bytes.Length);
                bytes[position] = random.Chance(0.5) ? (byte)random.Between(' ', '~') : (byte)random.Below(256);
            }

            bytes = random.Chance(0.1) ? bytes[..random.Below(bytes.Length)] : bytes;
            if (Record.Exception(() => Tokenizer.Load(new MemoryStream(bytes), "t.json")) is { } exception)
            {
                Assert.IsType<InvalidDataException>(exception);
                Assert.StartsWith("t.json:", exception.Message);
            }
        }
    }

    [Fact]
    public void A_long_text_without_breaks_is_not_quadratic()
    {
        Tokenizer tokenizer = Load("", "\"merges\": [\"a a\"]", "\"aa\": 256");
        Assert.Equal(500_000, tokenizer.Encode(new string('a', 1_000_000), addSpecialTokens: false).Length);
    }

    private static List<string> Pieces(TextSplitter splitter, string text)
    {
        List<(int Start, int Length)> pieces = [];
        splitter.Split(text, 0, pieces, []);
        return [.. pieces.Select(piece => text.Substring(piece.Start, piece.Length))];
    }

    private static Tokenizer Load(string rest, string modelKey = "\"merges\": []", string token = "\"more\": 256")
    {
        StringBuilder vocabulary = new(token);
        for (int value = 0; value < 256; value++)
        {
            vocabulary.Append(System.Globalization.CultureInfo.InvariantCulture, $", \"\\u{(int)ByteAlphabet.CharacterOf((byte)value):X4}\": {value}");
        }

        string merges = modelKey.Contains("merges") ? "" : ", \"merges\": []";
        string json = $$"""
            {"model": { {{modelKey}}{{merges}}, "vocab": { {{vocabulary}} } }, "decoder": {"type": "ByteLevel"},
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false}{{rest}}}
            """;
        return Tokenizer.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)), "t.json");
    }
}
