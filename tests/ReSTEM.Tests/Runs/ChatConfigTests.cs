using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>The keys of a chat in a run's configuration.</summary>
public sealed class ChatConfigTests : IDisposable
{
    private static readonly string Shipped = Path.Combine(SharedData.RepositoryRoot, "configs", "quickstart-math.yaml");

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_configuration_that_says_nothing_of_chats_is_what_it_was()
    {
        foreach (string[] overrides in (string[][])[[], ["prompt.format=completion"]])
        {
            RunPlan plan = RunPlan.Read(Shipped, overrides);
            Assert.Null(plan.Drawing.Prompt.Chat);
            Assert.DoesNotContain(
                Settings.ThatChangeResults(plan.Config), setting => setting.Key is "prompt.format" or "prompt.system" or "prompt.date" or "prompt.chat_template");
            Assert.DoesNotContain("  format: completion", ConfigWriter.Write(plan.Config), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_chat_has_its_settings_and_its_template_file()
    {
        File.WriteAllText(_scratch.File("talk.jinja"), "{{ messages }}");
        RunPlan plan = RunPlan.Read(
            Shipped, ["prompt.format=chat", "prompt.system=Think.", $"prompt.chat_template={_scratch.File("talk.jinja")}", "prompt.date='2026-03-04'"]);
        ChatOptions chat = plan.Drawing.Prompt.Chat!;
        Assert.Equal(("Think.", "{{ messages }}", new DateOnly(2026, 3, 4)), (chat.System, chat.Template!.Text, chat.Date!.Value));
        var settings = Settings.ThatChangeResults(plan.Config).ToDictionary();
        Assert.Equal(("chat", "Think.", "2026-03-04"), (settings["prompt.format"], settings["prompt.system"], settings["prompt.date"]));
        Assert.DoesNotContain("prompt.chat_template", settings.Keys);
    }

    [Theory]
    [InlineData("prompt.system=Think.", "prompt.system is given with prompt.format completion, expected it with chat only.")]
    [InlineData("prompt.chat_template=talk.jinja", "prompt.chat_template is given with prompt.format completion, expected it with chat only.")]
    [InlineData("prompt.format=talk", "prompt.format is 'talk', expected one of completion, chat.")]
    public void Keys_without_effect_are_refused(string setting, string message)
    {
        var fault = Assert.Throws<ConfigException>(() => RunPlan.Read(Shipped, [setting]));
        Assert.EndsWith(message, Assert.Single(fault.Issues).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompt.chat_template=nowhere.jinja", "nowhere.jinja is missing, expected a chat template (prompt.chat_template).")]
    [InlineData("prompt.date='2026-02-30'", "prompt.date is 2026-02-30, expected a day of the calendar.")]
    public void Faults_of_a_chat_are_told(string setting, string message)
    {
        var fault = Assert.Throws<ConfigException>(() => RunPlan.Read(Shipped, ["prompt.format=chat", setting]));
        Assert.EndsWith(message, Assert.Single(fault.Issues).ToString(), StringComparison.Ordinal);
    }
}
