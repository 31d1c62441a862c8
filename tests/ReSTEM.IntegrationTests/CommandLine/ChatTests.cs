using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>The shipped model, talked to through a chat template.</summary>
public sealed class ChatTests : IDisposable
{
    // The model was made to go on after a line; said as a chat, that is a turn of the user which ends with one.
    private const string Template =
        """
        {%- for message in messages -%}
        {{ message.content }}{{ '\n' if message.role == 'user' else eos_token }}
        {%- endfor -%}
        """;

    private const string Shots =
        """
        {"id": "shot-1", "task": "math", "prompt": "((-3 * 9) * (3 + 2)) =", "answer": "-135", "solution": "-3 * 9=-27\n3 + 2=5\n-27 * 5=-135\n#### -135"}
        {"id": "shot-2", "task": "math", "prompt": "Eva has 9 stamps. Eva buys 4 boxes of 2. How many stamps?", "answer": "17", "solution": "4 * 2=8\n9 + 8=17\n#### 17"}
        """;

    private readonly Restem _restem = new();

    public ChatTests()
    {
        Directory.CreateDirectory(_restem.PathOf("base"));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Restem.Root, "configs", "quickstart", "base")))
        {
            File.Copy(file, _restem.PathOf("base", Path.GetFileName(file)));
        }

        Write("base/tokenizer_config.json", """{"eos_token": "<|endoftext|>"}""");
        Write("base/chat_template.jinja", Template);
        Write("shots.jsonl", Shots);
    }

    public void Dispose() => _restem.Dispose();

    [Fact]
    public void A_run_with_examples_as_turns_improves_and_is_not_resumed_with_another_template()
    {
        string[] arguments =
        [
            .. Arguments("run"), "--json", "--set", "iterations=2", "--set", "problems.train.generate.count=96", "--set", "e_step.samples=4",
            "--set", "m_step.epochs=2", "--set", "problems.validation.generate.count=24", "--set", "evaluations.test.problems.generate.count=48",
        ];
        var (exitCode, output, errors) = _restem.Run(arguments);
        Assert.True(exitCode == 0, errors);
        using var summary = JsonDocument.Parse(output);
        JsonElement[] rounds = [.. summary.RootElement.GetProperty("iterations").EnumerateArray()];
        Assert.True(PassAt1(rounds[^1]) > PassAt1(rounds[0]) + 0.1, output);

        Write("base/chat_template.jinja", Template.Replace("message.content", "message.content | trim", StringComparison.Ordinal));
        (exitCode, _, errors) = _restem.Run(arguments);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("now: prompt.chat_template: ", errors, StringComparison.Ordinal);
        Write("base/chat_template.jinja", Template);
        (exitCode, _, errors) = _restem.Run([.. arguments, "--set", "prompt.system=Think."]);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("now: prompt.system: Think.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_shows_prompts_and_refuses_a_turn_that_drawing_does_not_end()
    {
        var (exitCode, output, errors) = _restem.Run(Arguments("check"));
        Assert.True(exitCode == 0, errors);
        Assert.Contains("the model's own template, the assistant's turn ends with <|endoftext|> (575)", output, StringComparison.Ordinal);
        Assert.Equal(3, output.Split("is given as:").Length - 1);
        Assert.Contains("|####| |1|7|<|endoftext|>|", output, StringComparison.Ordinal);
        Assert.Contains("]|[<|endoftext|>]", output, StringComparison.Ordinal);

        Write("base/chat_template.jinja", Template.Replace("eos_token", "'.'", StringComparison.Ordinal));
        (exitCode, _, errors) = _restem.Run(Arguments("check"));
        Assert.Equal(2, exitCode);
        Assert.Contains("the chat template ends the assistant's turn with '.' ", errors, StringComparison.Ordinal);
        Assert.Contains("expected a token that drawing stops at: '<|endoftext|>' (575)", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_messages_are_rendered_encoded_and_sampled()
    {
        Write("rows.jsonl", """
            {"messages": [{"role": "user", "content": "1 + 1 ="}, {"role": "assistant", "content": "#### 2"}]}
            {"text": "1 + 1 =\n"}
            {"messages": [{"role": "user", "content": "1 + 1 ="}], "add_generation_prompt": true, "tools": [], "anything": {"a": 1}}
            """);
        var (exitCode, output, errors) = _restem.Run("tokenize", "--model", "base", "--input", "rows.jsonl", "--output", "-");
        Assert.True(exitCode == 0, errors);
        JsonElement[] rows = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal("1 + 1 =\n#### 2<|endoftext|>", rows[0].GetProperty("text").GetString());
        Assert.Equal(575, rows[0].GetProperty("ids").EnumerateArray().Last().GetInt32());
        Assert.Equal(["ids", "decoded"], rows[1].EnumerateObject().Select(property => property.Name));
        Assert.Equal(rows[1].GetProperty("ids").GetRawText(), rows[2].GetProperty("ids").GetRawText());

        Write("talk.jsonl", """{"messages": [{"role": "user", "content": "(2 + 3) ="}]}""");
        Write("text.jsonl", """{"prompt": "(2 + 3) =\n"}""");
        var talk = _restem.Run("sample", "--model", "base", "--input", "talk.jsonl", "--output", "-", "--max-tokens", "20");
        var text = _restem.Run("sample", "--model", "base", "--input", "text.jsonl", "--output", "-", "--max-tokens", "20");
        Assert.Equal(text, talk);
        Assert.Equal(0, talk.ExitCode);

        Write("rows.jsonl", """{"messages": [{"role": "user"}, {"role": "user", "content": "1", "x": {"y": 2}}]}""");
        Write("base/chat_template.jinja", "{{ messages[1].x.y.content.more }}");
        (exitCode, _, errors) = _restem.Run("tokenize", "--model", "base", "--input", "rows.jsonl", "--output", "-");
        Assert.Equal(1, exitCode);
        Assert.Contains("rows.jsonl:1: ", errors, StringComparison.Ordinal);
        Assert.Contains("chat_template.jinja:1:27: 'int object' has no attribute 'content'", errors, StringComparison.Ordinal);
    }

    private static double PassAt1(JsonElement round) =>
        round.GetProperty("evaluations").GetProperty("test").GetProperty("pass@1").GetProperty("value").GetDouble();

    private string[] Arguments(string verb) =>
    [
        verb, Path.Combine(Restem.Root, "configs", "quickstart-math.yaml"), "--set", $"base={_restem.PathOf("base")}", "--set", "prompt.format=chat",
        "--set", "prompt.template='{prompt}'", "--set", $"prompt.few_shot={_restem.PathOf("shots.jsonl")}", "--set", "prompt.few_shot_count=2",
    ];

    private void Write(string name, string text) => File.WriteAllText(_restem.PathOf(name.Split('/')), text);
}
