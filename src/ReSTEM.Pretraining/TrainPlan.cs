using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Pretraining;

/// <summary>A training before it begins: configuration and problems, all read and checked.</summary>
/// <param name="Config">The configuration as it was read.</param>
/// <param name="Home">Folder that relative paths begin at.</param>
/// <param name="Problems">Those of each stage; none for a stage of a corpus.</param>
public sealed record TrainPlan(TrainConfig Config, string Home, IReadOnlyList<IReadOnlyList<Problem>> Problems)
{
    /// <summary>Reads a configuration and everything it names except the models.</summary>
    /// <param name="path">A YAML file.</param>
    /// <param name="overrides">From the command line, <c>key.path=value</c>.</param>
    /// <param name="watch">Watches.</param>
    /// <exception cref="ConfigException">The configuration, or problems that it names, cannot be used; all faults are named.</exception>
    /// <exception cref="OperationCanceledException">The plan is no longer wanted.</exception>
    public static TrainPlan Read(string path, IReadOnlyList<string> overrides, LoadWatch watch)
    {
        var (config, placeOf) = ConfigFile.ReadPlaced<TrainConfig>(path, overrides, TrainConfigRules.Apply);
        string home = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var issues = new List<ConfigIssue>();
        var problems = new IReadOnlyList<Problem>[config.Stages.Count];
        for (int stage = 0; stage < problems.Length; stage++)
        {
            string key = $"stages.{stage}.problems";
            try
            {
                problems[stage] = config.Stages[stage].Problems is { } source
                    ? ProblemSet.Load("train", source.Under(home), (ulong)config.Seed, watch).Problems
                    : [];
            }
            catch (InvalidDataException fault)
            {
                issues.Add(new ConfigIssue(placeOf(key), $"{key}: {fault.Message}"));
            }
        }

        return issues.Count == 0 ? new TrainPlan(config, home, problems) : throw new ConfigException(issues);
    }
}
