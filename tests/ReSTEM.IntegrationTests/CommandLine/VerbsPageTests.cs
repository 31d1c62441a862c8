using System.Text.RegularExpressions;

namespace ReSTEM.IntegrationTests;

/// <summary>docs/verbs.md: its commands work, one after the other.</summary>
public sealed class VerbsPageTests
{
    [Fact]
    public void Commands_of_the_page_run_in_its_order()
    {
        using var restem = new Restem();
        File.WriteAllText(restem.PathOf("problems.jsonl"), "{\"id\": \"a\", \"task\": \"math\", \"prompt\": \"(1 + 1) =\", \"answer\": \"2\"}\n");
        string page = File.ReadAllText(Path.Combine(Restem.Root, "docs", "verbs.md"));
        string[] commands = [.. Regex.Matches(page, "^    restem (.*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        Assert.Equal(4, commands.Length);
        foreach (string command in commands)
        {
            string[] arguments = [.. Regex.Matches(command, "'([^']*)'|(\\S+)").Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Value)];
            var (exitCode, _, errors) = restem.Run(
                [.. arguments.Select(argument => argument == "DIR" ? Path.Combine(Restem.Root, "configs", "quickstart", "base") : argument)]);
            Assert.True(exitCode == 0, $"{command}: {errors}");
        }

        Assert.True(File.Exists(restem.PathOf("logs", "samples_problems.jsonl")) && File.Exists(restem.PathOf("report.html")));
    }
}
