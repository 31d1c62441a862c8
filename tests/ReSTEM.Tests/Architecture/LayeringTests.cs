using System.Xml.Linq;

namespace ReSTEM.Tests;

public sealed class LayeringTests
{
    /// <summary>Who may know whom, and which packages each may use. A reference that is not here is a design change.</summary>
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Allowed = new()
    {
        ["Core"] = ([], []),
        ["Numerics"] = ([], ["System.Numerics.Tensors"]),
        ["Templates"] = ([], []),
        ["Tokenizers"] = (["Core"], []),
        ["Models"] = (["Core", "Templates", "Tokenizers"], []),
        ["Engines"] = (["Core", "Numerics"], []),
        ["Managed"] = (["Core", "Engines", "Models", "Numerics"], []),
        ["Answers"] = (["Core"], []),
        ["Sandbox"] = (["Core"], ["Polly.Core"]),
        ["Tables"] = ([], ["CsvHelper", "Parquet.Net"]),
        ["Runs"] = (["Core", "Tables"], ["Microsoft.Data.Sqlite", "SQLitePCLRaw.bundle_e_sqlite3", "YamlDotNet"]),
        ["Reporting"] = (["Core", "Runs"], ["Spectre.Console"]),
        ["Pretraining"] = (["Core", "Models", "Runs", "Tokenizers"], []),
        ["Cli"] = (["Answers", "Core", "Managed", "Models", "Pretraining", "Reporting", "Runs", "Sandbox", "Tokenizers"], ["System.CommandLine", "Spectre.Console"]),
    };

    [Fact]
    public void Every_project_refers_only_to_what_its_layer_may_know()
    {
        var projects = Repository.Files("src", "*.csproj");
        Assert.Equal(Allowed.Count, projects.Count);
        foreach (string project in projects)
        {
            var document = XDocument.Parse(Repository.Read(project));
            string name = Path.GetFileNameWithoutExtension(project)["ReSTEM.".Length..];
            var references = document.Descendants("ProjectReference")
                .Select(item => Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value.Replace('\\', '/'))["ReSTEM.".Length..]);
            var packages = document.Descendants("PackageReference").Select(item => item.Attribute("Include")!.Value);
            string[] unknown =
            [
                .. references.Except(Allowed[name].Projects).Select(reference => $"{name} -> {reference}"),
                .. packages.Except(Allowed[name].Packages).Select(package => $"{name} -> {package}"),
            ];
            Assert.True(unknown.Length == 0, string.Join('\n', unknown));
        }
    }

    /// <summary>A second engine is one more line of the wiring: nobody else may know the first.</summary>
    [Fact]
    public void Only_the_wiring_names_a_concrete_engine()
    {
        string[] engines = ["Managed"];
        var named = Repository.Files("src", "*.cs")
            .Where(file => !engines.Any(engine => file.StartsWith($"src/ReSTEM.{engine}/", StringComparison.Ordinal)))
            .Where(file => engines.Any(engine => System.Text.RegularExpressions.Regex.IsMatch(
                Repository.Read(file), $@"using ReSTEM\.{engine};|\b{engine}(Engine|Policy|Trainer)\b")));
        Assert.Equal(["src/ReSTEM.Cli/EngineWiring.cs"], named);
    }

    [Fact]
    public void Every_interface_has_an_implementation_in_the_product()
    {
        string[] sources = [.. Repository.Files("src", "*.cs").Select(Repository.Read)];
        var names = Repository.Files("src", "I*.cs")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => name.Length > 1 && char.IsUpper(name[1]));
        foreach (string name in names.Where(name => sources.Any(source => source.Contains($"interface {name}", StringComparison.Ordinal))))
        {
            Assert.Contains(sources, source => System.Text.RegularExpressions.Regex.IsMatch(
                source, $@"(class|record|struct) [^{{;]*[:,]\s*([\w<>, ]+,\s*)?{name}\b"));
        }
    }
}
