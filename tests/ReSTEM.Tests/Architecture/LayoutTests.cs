using System.Text.RegularExpressions;

namespace ReSTEM.Tests;

public sealed class LayoutTests
{
    private const int MostLines = 400;
    private const int MostFilesInFolder = 15;
    private const int FewestFilesInFolder = 3;

    /// <summary>Where a fault of any kind is turned into a named outcome; each catch there says why.</summary>
    private static readonly string[] Boundaries =
    [
        "src/ReSTEM.Cli/CommandLine.cs",
        "src/ReSTEM.Answers/Math/Judgement.cs",
    ];

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        NoneOf(Sources().Where(file => Repository.Read(file).Count(c => c == '\n') > MostLines));

    [Fact]
    public void Folders_are_flat_and_neither_tiny_nor_crowded()
    {
        var deep = Repository.Files("src", "*.cs").Where(file => file.Split('/').Length > 4);
        NoneOf(deep);
        var folders = Repository.Files("src", "*.cs")
            .Where(file => file.Split('/').Length == 4)
            .GroupBy(file => string.Join('/', file.Split('/').Take(3)))
            .Where(folder => folder.Count() is < FewestFilesInFolder or > MostFilesInFolder)
            .Select(folder => $"{folder.Key}: {folder.Count()} files");
        NoneOf(folders);
    }

    [Theory]
    [InlineData(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException")]
    [InlineData(@"^\s*#region")]
    [InlineData(@"DateTime(Offset)?\.(Utc)?Now|Random\.Shared|new Random\(|Guid\.NewGuid|Environment\.TickCount")]
    public void No_source_file_holds_what_the_house_style_bans(string banned) =>
        NoneOf(Sources()
            .Where(file => !file.Contains("/Architecture/", StringComparison.Ordinal))
            .Where(file => Regex.IsMatch(Repository.Read(file), banned, RegexOptions.Multiline)));

    [Fact]
    public void Nothing_is_swallowed_outside_the_listed_boundaries() =>
        NoneOf(Repository.Files("src", "*.cs").Except(Boundaries).Where(file => Regex.IsMatch(
            Repository.Read(file), @"catch\s*(\(Exception( \w+)?\)\s*)?\{(?!\s*(?:[^{}]*?)\bthrow;)")));

    [Fact]
    public void Private_places_and_hosts_are_not_named()
    {
        var files = Repository.Tracked();
        Assert.NotNull(files);
        string[] words = ["api." + "nuget", "/work" + "/"];
        NoneOf(files
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".yaml" or ".json" or ".py" or ".csproj" or ".props" or "")
            .Where(file => File.Exists(Path.Combine(SharedData.RepositoryRoot, file)))
            .SelectMany(file => words.Where(word => Repository.Read(file).Contains(word, StringComparison.Ordinal)).Select(word => $"{file}: {word}")));
    }

    /// <summary>Fails with every offending file in the message.</summary>
    private static void NoneOf(IEnumerable<string> offenders)
    {
        string[] found = [.. offenders];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    private static IEnumerable<string> Sources() =>
        Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs")).Concat(Repository.Files("benchmarks", "*.cs"));
}
