using System.Text.RegularExpressions;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class ShippedFilesTests
{
    public static TheoryData<string> Configs => [.. Repository.Files("configs", "*.yaml")];

    [Theory]
    [MemberData(nameof(Configs))]
    public void Every_shipped_configuration_loads_with_its_data(string file)
    {
        string path = Path.Combine(SharedData.RepositoryRoot, file), name = Path.GetFileNameWithoutExtension(file);
        switch (ConfigFile.KindOf(path))
        {
            case ConfigKind.Train:
                Assert.Equal(name, ConfigFile.Read<TrainConfig>(path, [], TrainConfigRules.Apply).Name);
                break;
            case ConfigKind.Sweep:
                Assert.Equal(name, SweepPlan.Read(path, []).Config.Name);
                break;
            case ConfigKind.Synth:
                Assert.Equal(name, SynthPlan.Read(path, []).Config.Name);
                break;
            case ConfigKind.CompareData:
                Assert.Equal(name, CompareDataPlan.Read(path, [], LoadWatch.None).Config.Name);
                break;
            case ConfigKind.Run when file.StartsWith("configs/paper/", StringComparison.Ordinal) || file.StartsWith("configs/classification/", StringComparison.Ordinal):
                Assert.Equal(name, ConfigFile.Read<RunConfig>(path, [], RunConfigRules.Apply).Name); // data, and models of the paper, are the user's to bring
                break;
            default:
                var plan = RunPlan.Read(path, []);
                Assert.Equal(name, plan.Config.Name);
                Assert.True(File.Exists(Path.Combine(plan.BaseFolder, "model.safetensors")));
                break;
        }
    }

    [Fact]
    public void Every_ablation_of_the_paper_has_a_twin_in_the_sweep()
    {
        var sweep = SweepPlan.Read(Path.Combine(SharedData.RepositoryRoot, "configs/ablations.yaml"), []);
        string[] twinned = [.. sweep.Rows.SelectMany(row => ConfigFile.SourcesOf(row.Config, []).Files).Select(Path.GetFileNameWithoutExtension).OfType<string>()];
        Assert.Empty(Repository.Files("configs/paper", "math-*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Except(twinned));
    }

    [Fact]
    public void The_base_model_is_small_enough_to_ship() =>
        Assert.InRange(
            Repository.Files("configs/quickstart/base", "*").Sum(file => new FileInfo(Path.Combine(SharedData.RepositoryRoot, file)).Length),
            1, 10_000_000);

    [Fact]
    public void The_tree_in_the_readme_is_the_tree_on_disk()
    {
        string tree = Regex.Match(Repository.Read("README.md"), @"## Where things are\n```\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        string[] shown = [.. tree.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])];
        Assert.All(shown, path => Assert.True(Path.Exists(Path.Combine(SharedData.RepositoryRoot, path)), $"{path} is in the README and not on disk"));
        var projects = Repository.Files("src", "*.csproj").Select(file => string.Join('/', file.Split('/').Take(2)));
        Assert.Empty(projects.Concat(["configs", "docs", "benchmarks", "tests", "sandbox", "trainers"]).Except(shown));
    }

    [Fact]
    public void The_readme_gives_a_reason_for_every_package()
    {
        string table = Repository.Read("README.md").Split("## Packages")[1];
        string[] packages = [.. Regex.Matches(Repository.Read("Directory.Packages.props"), "Include=\"([^\"]+)\"").Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Contains(package, table, StringComparison.Ordinal));
    }

    [Fact]
    public void The_readme_is_short() => Assert.InRange(Repository.Read("README.md").Count(c => c == '\n'), 30, 150);
}
