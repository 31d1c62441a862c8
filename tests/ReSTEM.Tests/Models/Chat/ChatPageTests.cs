using System.Globalization;
using System.Text.RegularExpressions;
using ReSTEM.Templates;

namespace ReSTEM.Tests;

/// <summary>docs/chat-templates.md lists what there is, and the limits that hold.</summary>
public sealed class ChatPageTests
{
    private static readonly string Page = Repository.Read("docs/chat-templates.md");

    [Fact]
    public void Functions_filters_tests_and_methods_are_those_of_the_page()
    {
        Assert.Equal(TemplateGlobals.Names.Order(StringComparer.Ordinal), Listed("functions"));
        Assert.Equal(Filters.Names.Order(StringComparer.Ordinal), Listed("filters"));
        Assert.Equal(ValueTests.Names.Order(StringComparer.Ordinal), Listed("tests"));
        Assert.Equal(Members.Methods.Distinct().Order(StringComparer.Ordinal), Listed("methods"));
    }

    [Fact]
    public void Limits_are_those_of_the_page()
    {
        int[] shown = [.. Regex.Matches(Page.Split("## Limits")[1], @"^\| .* \| ([0-9,]+)", RegexOptions.Multiline)
            .Select(match => int.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];
        Assert.Equal(
            [
                JinjaTemplate.MostCharacters, 60, RenderBudget.MostSteps, RenderBudget.MostDepth, RenderBudget.MostText, (int)RenderBudget.MostWritten,
                100_000, 3300, 100,
            ],
            shown);
    }

    private static IEnumerable<string> Listed(string what) => Regex.Matches(
        Regex.Match(Page, $@"^\| {what} \| (.*) \|$", RegexOptions.Multiline).Groups[1].Value, "`([^`]+)`")
        .Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
}
