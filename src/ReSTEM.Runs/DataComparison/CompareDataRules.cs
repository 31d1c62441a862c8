using System.Text.RegularExpressions;

namespace ReSTEM.Runs;

/// <summary>Rules of a comparison of data that span several keys.</summary>
public static partial class CompareDataRules
{
    /// <summary>Name of the real data set, which the others are compared with.</summary>
    public const string RealName = "real";

    private const int MostTrainings = 1000;

    /// <summary>Reports every broken rule as (key path, message).</summary>
    public static void Apply(CompareDataConfig config, Action<string, string> fault)
    {
        RunConfigRules.CheckSource(config.Test, "test", fault);
        if (config.Seeds.Count == 0 || config.Seeds.Any(seed => seed < 0) || config.Seeds.Distinct().Count() < config.Seeds.Count)
        {
            fault("seeds", $"seeds is [{string.Join(", ", config.Seeds)}], expected at least one, each at least 0 and each once.");
        }

        long trainings = (config.Data.Count + 1L) * config.Seeds.Count;
        if (trainings > MostTrainings)
        {
            fault("seeds", $"{config.Data.Count + 1} data sets with {config.Seeds.Count} seeds are {trainings} trainings, expected at most {MostTrainings}.");
        }

        if (config.Data.Count == 0)
        {
            fault("data", "data is empty, expected at least one data set to compare with the real one; a single training is started with restem train.");
        }

        var before = new List<string> { RealName };
        foreach (var (name, data) in config.Data)
        {
            CheckData(name, data, before, fault);
            before.Add(name);
        }
    }

    private static void CheckData(string name, ComparedData data, List<string> before, Action<string, string> fault)
    {
        string path = $"data.{name}";
        if (name == RealName || !Name().IsMatch(name))
        {
            fault(path, $"{path} is named '{name}', expected letters, digits, '-', '_' and '+', at most 60, and another name than {RealName}, which the data of train has.");
        }

        string[] kinds = [.. data.Synth.Length > 0 ? ["synth"] : (string[])[], .. data.Problems is null ? [] : (string[])["problems"], .. data.Mix.Count > 0 ? ["mix"] : (string[])[]];
        if (kinds.Length != 1)
        {
            fault(path, $"{path} has {(kinds.Length == 0 ? "no texts" : string.Join(" and ", kinds))}, expected one of synth, problems and mix.");
        }

        if (data.Problems is { } problems)
        {
            RunConfigRules.CheckSource(problems, $"{path}.problems", fault);
        }

        foreach (string part in data.Mix.Where(part => !before.Contains(part)))
        {
            fault($"{path}.mix", $"{path}.mix names '{part}', expected data sets that stand before it: {string.Join(", ", before)}.");
        }

        if (data.Mix.Count == 1 || data.Mix.Distinct().Count() < data.Mix.Count)
        {
            fault($"{path}.mix", $"{path}.mix is [{string.Join(", ", data.Mix)}], expected at least two data sets, each once.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_+-]{0,59}$")]
    private static partial Regex Name();
}
