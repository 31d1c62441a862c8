using System.Text.Json;
using ReSTEM.Models;

namespace ReSTEM.Tests;

public sealed class ChatTemplateTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_file_of_its_own_comes_before_the_configuration()
    {
        Write("tokenizer_config.json", """{"chat_template": "config", "bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "pad_token": null}""");
        Assert.Equal("config", Render(ChatTemplate.Load(Folder)));
        Write("chat_template.jinja", "{{ bos_token }}file{{ eos_token }}{{ pad_token is defined }}{{ tools }}{{ add_generation_prompt }}\n");
        Assert.Equal("<s>file</s>FalseNoneFalse", Render(ChatTemplate.Load(Folder)));
    }

    [Fact]
    public void A_template_in_another_encoding_is_named_with_the_remedy()
    {
        foreach (var encoding in new[] { System.Text.Encoding.Unicode, System.Text.Encoding.Latin1 })
        {
            File.WriteAllText(Path.Combine(Folder, "chat_template.jinja"), "{{ messages }}\u00e9", encoding);
            Assert.Contains("chat_template.jinja is no UTF-8 text (UTF-16?)", Assert.Throws<InvalidDataException>(() => ChatTemplate.Load(Folder)).Message, StringComparison.Ordinal);
        }

        File.WriteAllText(Path.Combine(Folder, "chat_template.jinja"), "\u00e9", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal("\u00e9", Render(ChatTemplate.Load(Folder)));
    }

    [Fact]
    public void Tokens_that_the_configuration_leaves_out_are_those_of_the_older_map()
    {
        Write("tokenizer_config.json", """{"chat_template": "{{ bos_token }}{{ eos_token }}", "eos_token": "</s>"}""");
        Write("special_tokens_map.json", """{"bos_token": {"content": "<s>"}, "eos_token": "other"}""");
        Assert.Equal("<s></s>", Render(ChatTemplate.Load(Folder)));
    }

    [Fact]
    public void A_list_of_templates_has_one_for_tools()
    {
        Write("tokenizer_config.json", """{"chat_template": [{"name": "default", "template": "plain"}, {"name": "tool_use", "template": "tools"}]}""");
        Assert.Equal("plain", Render(ChatTemplate.Load(Folder)));
        Assert.Equal("tools", Render(ChatTemplate.Load(Folder, withTools: true)));
        Write("tokenizer_config.json", """{"chat_template": [{"name": "rag", "template": "x"}]}""");
        Assert.EndsWith("chat_template has the names rag, expected 'default'.", Assert.Throws<InvalidDataException>(() => ChatTemplate.Load(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_template_is_told_with_the_files_that_could_hold_it()
    {
        Assert.Null(ChatTemplate.Find(Folder));
        var fault = Assert.Throws<InvalidDataException>(() => ChatTemplate.Load(Folder));
        Assert.Equal($"{Folder} has no chat template, expected chat_template.jinja, or chat_template in tokenizer_config.json.", fault.Message);
    }

    [Theory]
    [InlineData("a\n  {{ messages[0].nothing.more }}", ":2:25: 'dict object' has no attribute 'nothing'")]
    [InlineData("{{ missing.more }}", ":1:11: 'missing' is undefined")]
    [InlineData("{{ raise_exception('roles must alternate') }}", ":1:19: roles must alternate")]
    [InlineData("x {% if a %}", ":1:13: the template has the end of the template, expected '{% endif %}'.")]
    [InlineData("{% include 'x' %}", ":1:4: the template has the block 'include', expected one of if, for, set, macro, call, filter, with, break, continue, generation, raw.")]
    [InlineData("{{ 1 | shout }}", ":1:8: No filter named 'shout'.")]
    [InlineData("{{ 'abc }}", ":1:4: a string begins and has no end, expected '.")]
    [InlineData("{{ 1 + 'a' }}", ":1:6: '+' stands between values of types int and str, expected two that go together.")]
    [InlineData("{{ messages.append(1) }}", ":1:19: access to attribute 'append' of 'list object' is unsafe: a template changes nothing but namespaces.")]
    public void A_fault_is_one_line_with_its_place(string template, string message)
    {
        var (_, fault) = JinjaVectors.Render(template, Variables);
        Assert.Equal("template" + message, fault);
    }

    [Theory]
    [InlineData("{{ 'x' * 1000000000 }}")]
    [InlineData("{{ [1] * 1000000000 }}")]
    [InlineData("{{ 10 ** 1000000 }}")]
    [InlineData("{{ 'x'.ljust(1000000000) }}")]
    [InlineData("{{ '%999999999d' % 1 }}")]
    [InlineData("{{ range(10000000) }}")]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s=[]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}")]
    [InlineData("{% set ns = namespace(s=[]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s | tojson }}")]
    [InlineData("{% set ns = namespace(s=[], t=[]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{% set ns.t = [ns.t] %}{% endfor %}{{ ns.s == ns.t }}")]
    [InlineData("{% set ns = namespace(s=()) %}{% for i in range(99999) %}{% set ns.s = (ns.s,) %}{% endfor %}{{ {ns.s: 1}[(ns.s,)] }}{{ ns.s < (ns.s,) }}")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{% macro f() %}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{{ f() }}")]
    [InlineData("{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{{ messages * 1000 }}{% endfor %}")]
    [InlineData("{% for i in range(99999) %}{{ range(99999) | sort | list | length }}{% endfor %}")]
    [InlineData("{{ (range(99999) | list) in [range(99999) | list] }}{% for i in range(9999) %}{{ 'a' in range(99999) }}{% endfor %}")]
    [InlineData("{% set s = 'ab' * 1000000 %}{% for i in range(99999) %}{{ s.count('a') }}{% endfor %}")]
    [InlineData("{% set s = 'ab' * 1000000 %}{% for i in range(99999) %}{{ s == s ~ 'x' }}{{ s.find('z') }}{{ s | length }}{{ s[1000:1001] }}{% endfor %}")]
    public void No_template_hangs_or_fills_the_memory(string template)
    {
        long before = GC.GetTotalAllocatedBytes();
        var (rendered, fault) = JinjaVectors.Render(template, Variables);
        Assert.Null(rendered);
        Assert.Matches("expected (at most|another|all)", fault);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 3_000_000_000);
    }

    [Fact]
    public void Brackets_nested_too_deep_are_refused_before_the_stack_ends()
    {
        foreach (string deep in (string[])["()", "[]", "- ", "not  ", "{1:}", "a[]", "f()", "a if a else  ", "a ~ ()", "a is in []", "1 | d()"])
        {
            var (_, fault) = JinjaVectors.Render($"{{{{ {Repeat(deep[..^1])}1{Repeat(deep[^1..])} }}}}", Variables);
            Assert.Contains("nested", fault, StringComparison.Ordinal);
        }

        var (_, blocks) = JinjaVectors.Render(Repeat("{% if a %}"), Variables);
        Assert.Contains("nested", blocks, StringComparison.Ordinal);
        var (_, chain) = JinjaVectors.Render("{{ 1" + Repeat(" + 1") + " }}", Variables);
        Assert.Contains("deep", chain, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("%d %b %Y", "04 Mar 2026")]
    [InlineData("%Y-%m-%d %H:%M:%S", "2026-03-04 05:06:07")]
    [InlineData("%A, %-d %B %y, day %j at %I %p%%", "Wednesday, 4 March 26, day 063 at 05 AM%")]
    public void The_date_is_the_one_that_is_given(string format, string expected) =>
        Assert.Equal(expected, JinjaVectors.Render($"{{{{ strftime_now('{format}') }}}}", Variables).Rendered);

    private static Dictionary<string, JsonElement> Variables { get; } = new()
    {
        ["messages"] = JsonSerializer.SerializeToElement(new[] { new { role = "user", content = "Hi" } }),
    };

    private static string Repeat(string text) => string.Concat(Enumerable.Repeat(text, 10_000));

    private string Folder => Path.GetDirectoryName(_scratch.File("x"))!;

    private void Write(string name, string text) => File.WriteAllText(_scratch.File(name), text);

    private static string Render(ChatTemplate template) => template.Render(Variables, () => default);
}
