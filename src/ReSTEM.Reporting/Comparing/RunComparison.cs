using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Runs of one recipe, one for each seed.</summary>
/// <param name="Name">The recipe.</param>
/// <param name="Runs">In the order of the seeds.</param>
public sealed record ComparedRow(string Name, IReadOnlyList<MeasuredRun> Runs);

/// <summary>What a recipe scored.</summary>
/// <param name="Value">Mean over problems and seeds.</param>
/// <param name="Difference">From the first recipe; null for the first itself.</param>
public sealed record ComparedValue(double Value, PairedDifference? Difference);

/// <summary>One metric of one set.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Problems">How many problems it has.</param>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Values">By row; null where a row was not measured so.</param>
public sealed record ComparedMetric(string Set, int Problems, string Metric, IReadOnlyList<ComparedValue?> Values);

/// <summary>Recipes beside the first of them: differences that are paired by problem and, where there are several, by seed.</summary>
public sealed class RunComparison
{
    private RunComparison(IReadOnlyList<ComparedRow> rows, IReadOnlyList<ComparedMetric> metrics, IReadOnlyList<string> notes) =>
        (Rows, Metrics, Notes) = (rows, metrics, notes);

    /// <summary>The recipes.</summary>
    public IReadOnlyList<ComparedRow> Rows { get; }

    /// <summary>Every set and metric that the first recipe was measured with.</summary>
    public IReadOnlyList<ComparedMetric> Metrics { get; }

    /// <summary>What a reader should know of the comparison, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Compares.</summary>
    /// <param name="rows">At least one, all with the same seeds.</param>
    /// <param name="wanted">Names of metrics; empty for all.</param>
    /// <param name="seed">Keys the bootstrap of a single seed.</param>
    /// <exception cref="InvalidDataException">A set has other problems in one run than in another, or a metric was not measured.</exception>
    public static RunComparison Of(IReadOnlyList<ComparedRow> rows, IReadOnlyList<string> wanted, ulong seed)
    {
        var random = RandomStream.Of(seed, RandomPurpose.Bootstrap);
        MeasuredRun first = rows[0].Runs[0];
        string[] known = [.. SummaryReader.InOrder(first.Sets.SelectMany(set => set.Values.Keys).Distinct())];
        if (wanted.FirstOrDefault(metric => !known.Contains(metric)) is { } unknown)
        {
            throw new InvalidDataException($"the metric '{unknown}' was not measured, expected one of {string.Join(", ", known)}.");
        }

        RequireSameProblems(rows);
        var metrics = new List<ComparedMetric>();
        foreach (MeasuredSet set in first.Sets)
        {
            foreach (string metric in SummaryReader.InOrder(set.Values.Keys).Where(metric => wanted.Count == 0 || wanted.Contains(metric)))
            {
                double[][]? before = Values(rows[0], set.Set.Name, metric);
                metrics.Add(new ComparedMetric(set.Set.Name, set.Set.Problems.Count, metric, [.. rows.Select((row, r) =>
                    Values(row, set.Set.Name, metric) is not { } values || before is null ? null
                    : new ComparedValue(values.Average(one => one.Average()), r == 0 ? null : CrossedDifference.Of(before, values, random)))]));
            }
        }

        return new RunComparison(rows, metrics, [.. NotesOf(rows)]);
    }

    private static double[][]? Values(ComparedRow row, string set, string metric)
    {
        double[]?[] values = [.. row.Runs.Select(run => run.Find(set)?.Values.GetValueOrDefault(metric))];
        return values.Any(one => one is null) ? null : [.. values.OfType<double[]>()];
    }

    private static void RequireSameProblems(IReadOnlyList<ComparedRow> rows)
    {
        MeasuredRun first = rows[0].Runs[0];
        foreach (MeasuredRun run in rows.SelectMany(row => row.Runs))
        {
            foreach (MeasuredSet set in first.Sets.Where(set => run.Find(set.Set.Name) is { } other && !set.IsOfSameProblems(other)))
            {
                throw new InvalidDataException(
                    $"the set '{set.Set.Name}' has other problems in {run.Name} than in {first.Name}, expected the same: differences are paired by problem.");
            }
        }
    }

    private static IEnumerable<string> NotesOf(IReadOnlyList<ComparedRow> rows)
    {
        MeasuredRun first = rows[0].Runs[0];
        foreach (ComparedRow row in rows.Skip(1))
        {
            foreach (MeasuredSet set in first.Sets)
            {
                if (row.Runs[0].Find(set.Set.Name) is not { } other)
                {
                    yield return $"{row.Name} was not measured on {set.Set.Name}.";
                    continue;
                }

                if (set.Prompt != other.Prompt)
                {
                    yield return $"On {set.Set.Name}, {rows[0].Name} and {row.Name} were given different prompts: the difference is that of policies and prompts together.";
                }

                if (set.Set.Options.Sampling != other.Set.Options.Sampling)
                {
                    yield return $"On {set.Set.Name}, {rows[0].Name} and {row.Name} were sampled with different settings: the difference is that of policies and settings together.";
                }
            }
        }

        yield return rows[0].Runs.Count switch
        {
            1 => "One seed: the intervals are over problems alone, and another seed may give another result.",
            2 => "Two seeds say little of what a seed does: intervals are rough, too narrow where seeds matter much.",
            var count => $"Intervals of differences are over problems and the {count} seeds, paired by both.",
        };
    }
}
