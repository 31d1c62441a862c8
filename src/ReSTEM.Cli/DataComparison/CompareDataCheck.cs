using ReSTEM.Runs;
using static ReSTEM.Cli.CheckOutput;

namespace ReSTEM.Cli;

/// <summary>Checks a configuration of <c>restem compare-data</c>, and those that it names.</summary>
internal static class CompareDataCheck
{
    /// <exception cref="ConfigException">A configuration, real or test texts cannot be used.</exception>
    /// <exception cref="UsageException">A model cannot be used.</exception>
    /// <exception cref="InvalidDataException">Test problems do not fit the model.</exception>
    /// <exception cref="InvalidOperationException">The machine has not what is needed.</exception>
    internal static void Run(string path, string[] overrides, CancellationToken cancellationToken)
    {
        CompareDataPlan plan = CompareDataPlan.Read(path, overrides, LoadingOutput.Watch(cancellationToken));
        CompareDataConfig config = plan.Config;
        Line("config", $"{path}: comparison '{config.Name}', {plan.Names.Count} data sets, seeds {string.Join(", ", config.Seeds)}: {plan.Names.Count * config.Seeds.Count} trainings in {plan.Folder}");
        Sources(path, overrides);
        foreach (var (name, data) in config.Data)
        {
            Line("data", $"{name}: {Of(plan, name, data)}{(data.Limit == 0 ? "" : Text($", {data.Limit:N0} texts at most"))}");
        }

        var classifiers = new ClassifierTraining(plan, LoadWatch.None);
        Line("test", Text($"{plan.Test.Count:N0} problems, base {classifiers.BaseSha256[..12]}"));
        if (TextEmbedder.Of(plan.EmbedderFolder) is { } embedder)
        {
            Line("embedder", $"{config.Embedder}: {embedder.Description}");
        }

        string home = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Console.WriteLine();
        TrainCheck.Run(Shown(home, config.Train), [], cancellationToken);
        foreach (string file in config.Data.Values.Select(data => data.Synth).Where(synth => synth.Length > 0).Distinct())
        {
            Console.WriteLine();
            SynthCheck.Run(Shown(home, file), []);
        }
    }

    private static string Of(CompareDataPlan plan, string name, ComparedData data) =>
        plan.Syntheses.TryGetValue(name, out SynthPlan? synthesis) ? Text($"{synthesis.Way} texts of {synthesis.Folder}, {synthesis.Config.PerLabel:N0} a label")
        : data.Mix.Count > 0 ? string.Join(" + ", data.Mix)
        : string.Join(", ", data.Problems!.Files.Select(file => file.Path));

    private static string Shown(string home, string path) => Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(home, path));
}
