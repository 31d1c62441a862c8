using ReSTEM.Runs;
using static ReSTEM.Cli.CheckOutput;

namespace ReSTEM.Cli;

/// <summary>Checks a configuration of <c>restem sweep</c>: every configuration that it runs, with its first seed.</summary>
internal static class SweepCheck
{
    /// <exception cref="ConfigException">The sweep, one of its configurations, or a problem set cannot be used.</exception>
    /// <exception cref="UsageException">A model cannot be used with it.</exception>
    /// <exception cref="InvalidOperationException">The machine has not what a run needs.</exception>
    internal static async Task RunAsync(string path, string[] overrides, CancellationToken cancellationToken)
    {
        LoadWatch watch = LoadingOutput.Watch(cancellationToken);
        SweepPlan plan = SweepPlan.Read(path, overrides);
        Line("sweep", $"{path}: '{plan.Config.Name}', {plan.Rows.Count} configurations, seeds {string.Join(", ", plan.Config.Seeds)}: {plan.Rows.Count * plan.Config.Seeds.Count} runs in {plan.Folder}");
        foreach (SweepRow row in plan.Rows)
        {
            Console.WriteLine();
            Line("overlay", $"{row.Name}: {row.Config}{string.Concat(row.Set.Select(text => $" --set {text}"))}{(row.Teacher.Length > 0 ? $", samples from the result of {row.Teacher}" : "")}");
            Sources(row.Config, [.. row.Set]);
            // The teacher is made by the sweep: until then the base model stands in its place.
            await RunCheck.RunAsync(plan.PlanOf(row, plan.Config.Seeds[0], null, watch), watch, cancellationToken);
        }
    }
}
