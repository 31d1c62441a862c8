using ReSTEM.Cli;
using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>What a chat template makes of problems, and which templates training would not fit.</summary>
public sealed class ChatFormatTests : IDisposable
{
    private const string Template =
        """
        {{ bos_token }}{% for m in messages %}{{ '[' + m.role + ']' + m.content + '<end>\n' }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}
        """;

    private static readonly Problem Sum = new() { Id = "sum", Task = TaskKind.Math, Prompt = "1 + 2 =", Reference = "3", Solution = "#### 3" };
    private static readonly Problem Shot = new() { Id = "shot", Task = TaskKind.Math, Prompt = "2 + 2 =", Reference = "4", Solution = "#### 4" };

    private readonly ScratchFolder _scratch = new();

    public ChatFormatTests()
    {
        Write("tokenizer_config.json", """{"bos_token": "<s>", "eos_token": "</s>"}""");
        Write("chat_template.jinja", Template);
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Examples_are_turns_of_user_and_assistant()
    {
        var options = Options(new ChatOptions { System = "Think." }) with { Template = "Q: {prompt}", FewShot = [Shot] };
        Assert.Equal(
            "<s>[system]Think.<end>\n[user]Q: 2 + 2 =<end>\n[assistant]#### 4<end>\n[user]Q: 1 + 2 =<end>\n[assistant]",
            new ChatFormat(Model(), options).Render(Sum, isUntrained: true));
        Assert.Equal("<s>[system]Think.<end>\n[user]Q: 1 + 2 =<end>\n[assistant]", new ChatFormat(Model(), options).Render(Sum, isUntrained: false));
        Assert.Equal(
            new ChatFormat(Model(), options).Render(Sum, isUntrained: true),
            new ChatFormat(Model(), options with { Use = FewShotUse.Always }).Render(Sum, isUntrained: false));
    }

    [Fact]
    public void The_tokenizer_adds_no_second_begin_token()
    {
        int[] ids = Prompts.Encode(Model(), Sum, Options(new ChatOptions()), isUntrained: true);
        Assert.Equal(1, ids.Count(id => id == TalkTokenizer.Begin));
        Assert.Equal(TalkTokenizer.Begin, ids[0]);
    }

    [Fact]
    public void A_text_is_trained_on_up_to_the_end_of_the_turn_and_a_drawn_one_as_it_was_drawn()
    {
        var sequences = new TrainingSequences(Model(), Options(new ChatOptions()), sameTokenizer: true);
        int[] prompt = new TalkTokenizer().Encode("<s>[user]1 + 2 =<end>\n[assistant]", addSpecialTokens: false);
        TrainingSequence text = sequences.Of(Sum, new WeightedExample(null, "3", 1, 0))!;
        Assert.Equal([.. prompt, '3', TalkTokenizer.EndOfTurn], text.TokenIds);
        Assert.Equal(prompt.Length, text.PromptLength);
        var drawn = new Completion
        {
            ProblemId = "sum",
            Index = 0,
            TokenIds = ['3', TalkTokenizer.EndOfText],
            Text = "3",
            FinishReason = FinishReason.EndOfText,
            LogProbability = -1,
        };
        Assert.Equal([.. prompt, '3', TalkTokenizer.EndOfText], sequences.Of(Sum, new WeightedExample(drawn, "3", 1, 1))!.TokenIds);
    }

    [Theory]
    [InlineData("", "the chat template does not write what the assistant says, expected it to.")]
    [InlineData("{% for m in messages %}{{ m.content }}<end>{% endfor %}", null)] // the turn begins with nothing
    [InlineData("{% for m in messages %}{{ m.role }}{{ m.content }}<end>{% endfor %}", "the chat template renders the same with and without add_generation_prompt")]
    [InlineData("{% for m in messages %}{{ m.role }}{{ m.content }}<end>{% endfor %}assistant", null)] // always begun, as some do
    [InlineData("{% for m in messages %}{{ m.role }}{{ m.content }}{% endfor %}{{ 'a' if add_generation_prompt }}", "the chat template writes nothing after what the assistant says")]
    [InlineData("{% for m in messages %}{{ m.role }}{{ m.content }} <end>{% endfor %}{{ 'a' if add_generation_prompt }}", null)] // a blank before the end
    [InlineData("{% for m in messages %}{{ m.role }}{{ m.content }};{% endfor %}{{ 'a' if add_generation_prompt }}", "the chat template ends the assistant's turn with ';' (token 59), expected a token that drawing stops at: '</s>' (1001), '<end>' (1002).")]
    [InlineData("<s>{{ bos_token }}{% for m in messages %}{{ m.role }}{{ m.content }}<end>{% endfor %}{{ 'a' if add_generation_prompt }}", "the chat template writes the begin token <s> twice, expected once.")]
    [InlineData("{{ raise_exception('no') }}", "template:1:19: no")]
    [InlineData("{{ strftime_now('%Y') }}{% for m in messages %}{{ m.content }}<end>{% endfor %}", "template:1:16: the template writes today's date")]
    public void A_template_that_training_would_not_fit_is_refused_with_the_cause(string template, string? cause)
    {
        var format = new ChatFormat(Model(), Options(new ChatOptions { Template = new("template", template) }));
        if (cause is null)
        {
            format.ThrowUnlessUsable();
            Assert.Equal(TalkTokenizer.EndOfTurn, format.EndTokenId);
        }
        else
        {
            Assert.StartsWith(cause, Assert.Throws<InvalidDataException>(format.ThrowUnlessUsable).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidDataException>(() => Prompts.Encode(Model(), [Sum], Options(new ChatOptions { Template = new("template", template) }), isUntrained: true));
        }
    }

    [Fact]
    public void A_date_makes_templates_with_a_date_usable()
    {
        var options = Options(new ChatOptions { Template = new("template", "{{ strftime_now('%d %b %Y') }}{% for m in messages %}|{{ m.content }}<end>{% endfor %}|"), Date = new DateOnly(2026, 3, 4) });
        Assert.Equal("04 Mar 2026|1 + 2 =<end>|", new ChatFormat(Model(), options).Render(Sum, isUntrained: true));
    }

    [Fact]
    public void A_model_without_template_says_where_one_was_looked_for()
    {
        File.Delete(_scratch.File("chat_template.jinja"));
        var fault = Assert.Throws<InvalidDataException>(() => new ChatFormat(Model(), Options(new ChatOptions())).ThrowUnlessUsable());
        Assert.Contains("has no chat template, expected chat_template.jinja, or chat_template in tokenizer_config.json", fault.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => new ChatFormat(Model() with { Chat = null }, Options(new ChatOptions())).ThrowUnlessUsable());
    }

    [Fact]
    public void The_digest_is_of_what_decides_the_text()
    {
        var chat = new ChatOptions();
        string own = chat.DigestFor(Model());
        Assert.Equal(own, (chat with { Template = new("elsewhere", Template) }).DigestFor(Model()));
        Assert.NotEqual(own, (chat with { Template = new("elsewhere", Template + " ") }).DigestFor(Model()));
        Write("tokenizer_config.json", """{"bos_token": "<begin>", "eos_token": "</s>"}""");
        Assert.NotEqual(own, chat.DigestFor(Model()));
    }

    [Fact]
    public void A_preview_shows_token_bounds_and_what_counts_in_the_loss()
    {
        Assert.Equal(
            [
                "sum is given as:",
                "  <s>|[|u|s|e|r|]|1| |+| |2| |=|<end>|\\n|[|a|s|s|i|s|t|a|n|t|]",
                "  and trained on with loss on what is in brackets:",
                "  <s>|[|u|s|e|r|]|1| |+| |2| |=|<end>|\\n|[|a|s|s|i|s|t|a|n|t|]|[#]|[#]|[#]|[#]|[ ]|[3]|[<end>]",
            ],
            PromptPreview.Lines(Model(), Options(new ChatOptions()), Sum));
        var fault = Assert.Throws<InvalidDataException>(() => PromptPreview.Lines(Model(), new PromptOptions { Template = "<s>{prompt}" }, Sum).ToList());
        Assert.Equal(
            "the prompt of 'sum' begins with the begin token <s> twice, expected once: the tokenizer adds it, and prompt.template has it too.",
            fault.Message);
    }

    private void Write(string name, string text) => File.WriteAllText(_scratch.File(name), text);

    private static PromptOptions Options(ChatOptions chat) => new() { Chat = chat };

    private ModelInfo Model() => new()
    {
        Tokenizer = new TalkTokenizer(),
        ContextLength = 1000,
        EndTokenIds = [TalkTokenizer.EndOfText, TalkTokenizer.EndOfTurn],
        Digests = new Dictionary<string, string>(),
        Description = "talk",
        VocabularySize = 1003,
        ParameterCount = 0,
        Chat = new ChatRenderer(Path.GetDirectoryName(_scratch.File("x"))!),
        BeginTokenId = TalkTokenizer.Begin,
    };
}
