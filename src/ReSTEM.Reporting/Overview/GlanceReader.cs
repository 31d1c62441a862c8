using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>Reads what is known of a run at a glance, in milliseconds however many samples it has.</summary>
public static class GlanceReader
{
    /// <summary>Looks at a run.</summary>
    /// <param name="glance">Folder, name and address of the run; the rest is filled in.</param>
    /// <param name="ledger">Of the same folder.</param>
    /// <param name="isHeld">Whether a process writes the run.</param>
    /// <exception cref="InvalidDataException">The ledger is damaged.</exception>
    public static RunGlance Read(RunGlance glance, RunLedger ledger, bool isHeld)
    {
        RunConfig? config = Config(glance.Folder);
        var draws = ledger.Listing.Draws();
        bool isComplete = ledger.Phases.IsComplete(0, SelfTraining.RunPhase);
        int last = Math.Max(config?.Iterations ?? 0, draws.Count == 0 ? 0 : draws.Max(draw => draw.Draw.Iteration));
        var measures = Enumerable.Range(0, last + 1).Select(ledger.Measures.Read).ToList();
        var costs = Enumerable.Range(0, last + 1).SelectMany(iteration => ledger.Phases.ReadCosts(iteration).Values).ToList();
        var (set, metric) = Main(config, measures);
        var (phase, done, total) = isComplete ? ("", 0, 0) : Phase(ledger, config, draws, last);
        int trained = Enumerable.Range(1, last).TakeWhile(iteration => ledger.Training.Read(iteration) is not null).LastOrDefault();
        return glance with
        {
            Stage = isHeld ? RunStage.Running : isComplete ? RunStage.Finished : RunStage.Stopped,
            Phase = phase,
            Done = done,
            Total = total,
            Measured = set.Length == 0 ? "" : $"{set}, {metric}",
            Values = [.. measures.Take(trained + 1).Select(of => of.TryGetValue(Measure.Evaluation(set, metric), out Estimate value) ? value : (Estimate?)null)],
            Best = BestIteration.Of(ledger.Measures, trained),
            Samples = draws.Sum(draw => draw.Samples),
            Tokens = costs.Sum(cost => cost.Tokens),
            Seconds = costs.Sum(cost => cost.Seconds),
            Engine = ledger.Engine,
        };
    }

    /// <summary>Null where the folder's configuration cannot be read: the ledger alone tells nearly as much.</summary>
    private static RunConfig? Config(string folder)
    {
        string path = Path.Combine(folder, RunFolder.ResolvedConfigName);
        try
        {
            return File.Exists(path) ? ConfigFile.Read<RunConfig>(path, [], (_, _) => { }) : null;
        }
        catch (Exception fault) when (fault is ConfigException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The set that the run is first judged by, as its report has it; without a configuration the one that was measured most often.</summary>
    private static (string Set, string Metric) Main(RunConfig? config, List<IReadOnlyDictionary<Measure, Estimate>> measures)
    {
        if (config?.Evaluations is { Count: > 0 } sets)
        {
            var (name, evaluation) = sets.FirstOrDefault(set => set.Value.Measure.At is EvaluateAt.Every) is { Key: not null } every ? every : sets.First();
            return (name, evaluation.Measure.Samples > 0 && evaluation.Measure.K.Contains(1) ? Metric.PassAt(1) : Metric.Greedy);
        }

        return measures.SelectMany(of => of.Keys)
            .Where(measure => measure != Measure.TrainReward && (measure.ShortName == Metric.PassAt(1) || measure.ShortName == Metric.Greedy) && measure.Name.Count(c => c == '/') == 1)
            .GroupBy(measure => measure).OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Name, StringComparer.Ordinal)
            .Select(group => (group.Key.Name[..group.Key.Name.IndexOf('/', StringComparison.Ordinal)], group.Key.ShortName))
            .FirstOrDefault(("", ""));
    }

    /// <summary>The first phase that is not done, and how much of it is.</summary>
    private static (string Phase, long Done, long Total) Phase(RunLedger ledger, RunConfig? config, IReadOnlyList<DrawListing> draws, int last)
    {
        string of = config is null ? "" : string.Create(CultureInfo.InvariantCulture, $" of {config.Iterations}");
        for (int iteration = 1; iteration <= last; iteration++)
        {
            DrawListing? drawn = draws.FirstOrDefault(draw => draw.Draw == DrawId.EStep(iteration));
            if (!ledger.Phases.IsComplete(iteration, EStep.Phase))
            {
                return drawn is null
                    ? Measuring(ledger, draws, iteration - 1)
                    : ($"E-step {iteration}{of}", drawn.Samples, (config?.EStep.Samples ?? 0) * Problems(ledger));
            }

            if (!ledger.Phases.IsComplete(iteration, MStep.Phase))
            {
                int steps = ledger.Training.StepCount(iteration), asked = ledger.Training.ReadCheckpoints(iteration).Count;
                if (steps == 0 && asked > 0)
                {
                    return ($"confidence {iteration}{of}", asked, 0);
                }

                return ($"M-step {iteration}{of}", steps, steps > 0 ? ledger.Training.ReadSteps(iteration)[^1].StepCount : 0);
            }
        }

        return Measuring(ledger, draws, last);
    }

    private static (string Phase, long Done, long Total) Measuring(RunLedger ledger, IReadOnlyList<DrawListing> draws, int iteration)
    {
        DrawListing? drawn = draws.LastOrDefault(draw => draw.Draw.Iteration == iteration && draw.Draw != DrawId.EStep(iteration));
        return drawn is null ? (ledger.Origin is null ? "" : "beginning", 0, 0) : ($"measuring {(iteration == 0 ? "the base model" : $"iteration {iteration}")} on {drawn.Draw.Set}", drawn.Samples, 0);
    }

    /// <summary>How many training problems the run was begun with; 0 where its ledger does not say.</summary>
    private static long Problems(RunLedger ledger) =>
        ledger.Origin?.Parts.GetValueOrDefault("problems train") is { } said && long.TryParse(said.Split(' ')[0], CultureInfo.InvariantCulture, out long count) ? count : 0;
}
