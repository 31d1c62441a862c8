using System.Xml.Linq;

namespace ReSTEM.Tests;

public sealed class LayeringTests
{
    /// <summary>Who may know whom, and which packages each may use. A reference that is not here is a design change.</summary>
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Allowed = new()
    {
        ["Arithmetic"] = ([], []),
        ["Core"] = (["Arithmetic"], []),
        ["Numerics"] = (["Arithmetic"], ["Iced", "System.Numerics.Tensors"]),
        ["Templates"] = (["Arithmetic"], []),
        ["Tokenizers"] = (["Core"], []),
        ["Models"] = (["Arithmetic", "Core", "Templates", "Tokenizers"], []),
        ["Engines"] = (["Arithmetic", "Core", "Models", "Numerics"], []),
        ["Managed"] = (["Core", "Engines", "Models", "Numerics"], []),
        ["Torch"] = (["Arithmetic", "Core", "Engines", "Models", "Numerics"], ["SkiaSharp", "TorchSharp"]),
        ["Onnx"] = (["Arithmetic", "Core", "Engines", "Models", "Numerics"], ["Google.Protobuf", "Microsoft.ML.OnnxRuntime.Managed"]),
        ["Plugins"] = (["Core"], []),
        ["Answers"] = (["Core"], []),
        ["Sandbox"] = (["Arithmetic", "Core"], ["Polly.Core"]),
        ["Tables"] = ([], ["CsvHelper", "Parquet.Net"]),
        ["Runs"] = (["Arithmetic", "Core", "Tables"], ["Microsoft.Data.Sqlite", "SQLitePCLRaw.bundle_e_sqlite3", "YamlDotNet"]),
        ["Reporting"] = (["Core", "Runs"], ["Spectre.Console"]),
        ["Hosting"] = ([], []),
        ["Dashboard"] = (["Hosting", "Reporting", "Runs"], []),
        ["Remote"] = (["Core", "Engines", "Models"], ["Polly.Core"]),
        ["Cluster"] = (["Core", "Engines", "Models"], []),
        ["Serving"] = (["Core", "Hosting"], []),
        ["Pretraining"] = (["Core", "Models", "Runs", "Tokenizers"], []),
        ["Cli"] = (["Answers", "Cluster", "Core", "Dashboard", "Managed", "Models", "Plugins", "Pretraining", "Remote", "Reporting", "Runs", "Sandbox", "Serving", "Tokenizers"], ["System.CommandLine", "Spectre.Console"]),
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
        string[] engines = ["Managed", "Torch", "Onnx", "Remote"];
        var named = Repository.Files("src", "*.cs")
            .Where(file => !engines.Any(engine => file.StartsWith($"src/ReSTEM.{engine}/", StringComparison.Ordinal)))
            .Where(file => engines.Any(engine => System.Text.RegularExpressions.Regex.IsMatch(
                Repository.Read(file), $@"using ReSTEM\.{engine};|\b{engine}(Engine|Policy|Trainer)\b")));
        Assert.Equal(["src/ReSTEM.Cli/EngineWiring.cs"], named);
    }

    /// <summary>
    /// Transcendental functions are those of the C library there, and estimates those of the processor: both differ between machines,
    /// and with them every bit that follows. What decides bits takes <c>Elementary</c>; pictures in reports decide none.
    /// </summary>
    [Fact]
    public void Only_pictures_take_functions_whose_bits_depend_on_the_machine()
    {
        const string Types = "MathF?|[Dd]ouble|Single|[Ff]loat|Half|BigInteger|Complex|Vector[0-9]*|Vector[0-9]*<[a-z]+>|TensorPrimitives";
        const string Functions = "Exp|ExpM1|Exp2|Exp10|Log|LogP1|Log2|Log10|Pow|Cbrt|RootN|Hypot|Sinh?|Cosh?|Tanh?|SinCos|Asinh?|Acosh?|Atanh?|Atan2|"
            + "SinPi|CosPi|TanPi|SinCosPi|AsinPi|AcosPi|AtanPi|Atan2Pi|Sigmoid|SoftMax|[A-Za-z]+Estimate";
        string pattern = $@"(?<![\w.])({Types})\.(?!(?<=BigInteger\.)(Pow|Log2)\b)({Functions})\b|using static System\.Math";
        Assert.Equal(
            ["src/ReSTEM.Reporting/Figures/ChartFrame.cs", "src/ReSTEM.Reporting/Figures/MetricChart.cs"],
            Repository.Files("src", "*.cs").Where(file => System.Text.RegularExpressions.Regex.IsMatch(Repository.Read(file), pattern)));
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
