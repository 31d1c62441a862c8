using System.Text.RegularExpressions;

namespace ReSTEM.Tests;

/// <summary>docs/architecture.md is the map: what it names is there, and what is there it names.</summary>
public sealed class ArchitecturePageTests
{
    private static readonly string Page = Repository.Read("docs/architecture.md");

    [Fact]
    public void Thirty_things_are_found_where_the_page_says()
    {
        string[] rows = [.. Regex.Matches(Page.Split("## Where is")[1], @"^\| (?!what)[^|-].*\|$", RegexOptions.Multiline).Select(match => match.Value)];
        Assert.Equal(30, rows.Length);
        Assert.All(rows, row => Assert.Contains('`', row.Split('|')[2]));
        AllExist(Regex.Matches(Page, @"`((?:src|sandbox|tests|configs|benchmarks)/[^`]+)`").Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Every_folder_of_every_project_is_on_the_page()
    {
        var rows = Regex.Matches(Page, @"^\| `(\w+)` \| (.*) \|$", RegexOptions.Multiline)
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        var folders = Repository.Files("src", "*.cs").Select(file => file.Split('/')).Where(parts => parts.Length == 4)
            .Select(parts => (Project: parts[1]["ReSTEM.".Length..], Folder: parts[2])).Distinct();
        Assert.Equal(
            Repository.Files("src", "*.csproj").Select(file => file.Split('/')[1]["ReSTEM.".Length..]).Order(StringComparer.Ordinal),
            rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(folders, folder => Assert.Contains($"`{folder.Folder}`", rows[folder.Project], StringComparison.Ordinal));
    }

    [Fact]
    public void Short_paths_in_the_text_exist_too() =>
        AllExist(Regex.Matches(Page, @"`(Core/[^`]+\.cs)`").Select(match => "src/ReSTEM." + match.Groups[1].Value));

    private static void AllExist(IEnumerable<string> paths) =>
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(SharedData.RepositoryRoot, path)), $"{path} is on the page and not on disk"));
}
