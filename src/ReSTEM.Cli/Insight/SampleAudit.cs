using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>Judges the samples of a run again, and makes anew what depends on them, in a copy of its ledger that is gone afterwards.</summary>
/// <param name="run">The run.</param>
/// <param name="plan">Its configuration and problems.</param>
/// <param name="verifier">Of today.</param>
internal sealed class SampleAudit(LookedAtRun run, RunPlan plan, IVerifier verifier)
{
    private const int MostShown = 20;

    private readonly LoopOptions _options = plan.OptionsToLook;
    private readonly Dictionary<DrawId, List<Sample>> _changed = [];

    /// <summary>Judges all samples again and tells which findings differ.</summary>
    /// <param name="tell">Gets a name and what is said of it.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Whether all are the same.</returns>
    internal async Task<bool> JudgeAsync(Action<string, string> tell, CancellationToken cancellationToken)
    {
        long judged = 0, verdicts = 0, others = 0;
        var judging = new Rejudging(verifier, run.Ledger.Samples, Environment.ProcessorCount);
        var shown = new List<string>();
        var draws = run.Ledger.Listing.Draws();
        using (ProgressOutput output = ProgressOutput.Create(onlyLongWork: true))
        {
            output.Progress.Started(new PhaseStart(PhaseStart.OutsideOfRun, 0, "audit", "samples", draws.Sum(draw => draw.Samples)));
            foreach (DrawListing draw in draws)
            {
                await foreach (ChangedFinding change in judging.ChangesAsync(draw.Draw, DrawPlans.Of(_options, plan.Problems, draw.Draw).Problems, Advance, cancellationToken))
                {
                    bool isVerdict = change.Before.Finding.Verdict != change.Now.Verdict;
                    (verdicts, others) = isVerdict ? (verdicts + 1, others) : (verdicts, others + 1);
                    Remember(change);
                    if (shown.Count < MostShown)
                    {
                        shown.Add($"{change.Ref}: {string.Join("; ", Findings.Differences(change.Before.Finding, change.Now))}");
                    }
                }
            }

            void Advance(int count)
            {
                Interlocked.Add(ref judged, count);
                output.Progress.Advanced(new PhaseProgress(count, 0, ""));
            }
        }

        string same = verdicts + others == 0 ? "every finding is the same" : $"{verdicts:N0} verdicts differ, and {others:N0} findings with the same verdict";
        tell("samples", string.Create(CultureInfo.InvariantCulture, $"{judged:N0} judged again: {same}"));
        ShowVersions(tell);
        shown.ForEach(line => tell("", line));
        if (verdicts + others > shown.Count)
        {
            tell("", string.Create(CultureInfo.InvariantCulture, $"and {verdicts + others - shown.Count:N0} more"));
        }

        return verdicts + others == 0;
    }

    /// <summary>Makes kept sets and measures anew from the findings of today, and tells what would change.</summary>
    /// <returns>Whether nothing would.</returns>
    internal async Task<bool> RecomputeAsync(Action<string, string> tell, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("restem-audit-").FullName;
        try
        {
            using RunLedger copy = run.Ledger.CopyTo(folder);
            foreach (var (draw, samples) in _changed)
            {
                copy.Samples.Write(draw, samples);
            }

            var notes = await new Recomputation(_options, plan.Problems, verifier, copy).RunAsync(cancellationToken);
            string[] kept = [.. Enumerable.Range(1, _options.Iterations).Select(iteration => Kept(copy, iteration)).OfType<string>()];
            string[] measures = [.. Enumerable.Range(0, _options.Iterations + 1).SelectMany(iteration => Measures(copy, iteration))];
            tell("kept", kept.Length == 0 ? "every kept set is the same" : string.Join("; ", kept));
            tell("measures", measures.Length == 0 ? "every number is the same" : $"{measures.Length} numbers would be others");
            Array.ForEach(measures, line => tell("", line));
            notes.ToList().ForEach(note => tell("", note));
            return kept.Length + measures.Length + notes.Count == 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Remember(ChangedFinding change)
    {
        if (!_changed.TryGetValue(change.Ref.Draw, out List<Sample>? samples))
        {
            _changed.Add(change.Ref.Draw, samples = []);
        }

        samples.Add(change.Before with { Finding = change.Now });
    }

    private void ShowVersions(Action<string, string> tell)
    {
        foreach (TaskKind task in plan.Problems.All.Select(problem => problem.Task).Distinct())
        {
            string part = $"verifier {task.ToString().ToLowerInvariant()}", now = verifier.VersionOf(task);
            if (run.Ledger.Origin?.Parts.GetValueOrDefault(part) is { } before && before != now)
            {
                tell("", $"{part}: the run had {before}, here is {now}");
            }
        }
    }

    private string? Kept(RunLedger copy, int iteration)
    {
        HashSet<(string, int, int, double)> before = Set(run.Ledger), after = Set(copy);
        int lost = before.Except(after).Count(), come = after.Except(before).Count();
        return lost + come == 0 ? null : $"iteration {iteration} would keep {after.Count:N0} and not {before.Count:N0}: {come:N0} others or with another weight, {lost:N0} no longer";

        HashSet<(string, int, int, double)> Set(RunLedger ledger) =>
            [.. ledger.Kept.Read(iteration).Select(sample => (sample.ProblemId, sample.Index, sample.Count, sample.Weight))];
    }

    private IEnumerable<string> Measures(RunLedger copy, int iteration)
    {
        var before = run.Ledger.Measures.Read(iteration);
        foreach (var (measure, now) in copy.Measures.Read(iteration).OrderBy(entry => entry.Key.Name, StringComparer.Ordinal))
        {
            if (!before.TryGetValue(measure, out Estimate was) || was != now)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"iteration {iteration}, {measure.Name}: {was.Value:0.####} ({was.Low:0.####} to {was.High:0.####}), would be {now.Value:0.####} ({now.Low:0.####} to {now.High:0.####})");
            }
        }
    }
}
