using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Reporting;

/// <summary>The samples of a run as the browser has them: an index, and packed blocks of texts that are opened when somebody looks.</summary>
/// <param name="Index">Packed.</param>
/// <param name="Samples">Packed blocks, each of <see cref="SamplesPerBlock"/> samples but the last, in the order of the index.</param>
/// <param name="Problems">Packed blocks, each of <see cref="ProblemsPerBlock"/> problems but the last, in the order of the index.</param>
/// <param name="Count">Samples.</param>
/// <param name="LeftOut">Draws that were left out, in words; empty for none.</param>
internal sealed record BrowserData(
    string Index, IReadOnlyList<string> Samples, IReadOnlyList<string> Problems, int Count, IReadOnlyList<string> LeftOut)
{
    internal const int SamplesPerBlock = 512;
    internal const int ProblemsPerBlock = 256;

    /// <summary>Reads a run.</summary>
    /// <param name="ledger">Of the run.</param>
    /// <param name="summary">Of the same run.</param>
    /// <param name="most">Samples; of more, whole draws are left out: validations first, then E-steps, the earliest first.</param>
    internal static BrowserData Of(RunLedger ledger, RunSummary summary, long most)
    {
        var view = summary.View;
        var draws = ledger.Listing.Draws();
        HashSet<DrawId> taken = Chosen(draws, most);
        var index = new BrowserIndex();
        var blocks = new List<string>();
        var block = new List<object>();
        foreach (DrawListing draw in draws.Where(draw => taken.Contains(draw.Draw)))
        {
            int number = index.Draws.Count, policy = PolicyOf(summary, draw.Draw);
            index.Draws.Add(new { iteration = draw.Draw.Iteration, name = draw.Draw.Name, set = draw.Draw.Set, label = Label(view, draw.Draw), policy, policyName = view.NameOf(policy) });
            var weights = WeightsOf(ledger, draw.Draw);
            foreach (ListedSample sample in ledger.Listing.Find(draw.Draw))
            {
                index.Add(number, draw.Draw.Set, sample.Sample);
                block.Add(Row(sample, weights));
                if (block.Count == SamplesPerBlock)
                {
                    blocks.Add(BrowserBlock.Pack(block));
                    block.Clear();
                }
            }
        }

        if (block.Count > 0)
        {
            blocks.Add(BrowserBlock.Pack(block));
        }

        string[] leftOut = [.. draws.Where(draw => draw.Samples > 0 && !taken.Contains(draw.Draw))
            .Select(draw => $"{Label(view, draw.Draw)} ({Shown.Count(draw.Samples)} samples)")];
        return new BrowserData(
            BrowserBlock.Pack(index.ForPage(view.Name, summary.BestIteration, view.Models.Count == 0)), blocks, ProblemBlocks(index, view), index.Count, leftOut);
    }

    /// <summary>What is looked at first stays longest.</summary>
    private static HashSet<DrawId> Chosen(IReadOnlyList<DrawListing> draws, long most)
    {
        var chosen = new HashSet<DrawId>();
        long count = 0;
        foreach (DrawListing draw in draws.OrderBy(Rank).ThenByDescending(draw => draw.Draw.Iteration))
        {
            if (draw.Samples > 0 && count + draw.Samples <= most)
            {
                count += draw.Samples;
                chosen.Add(draw.Draw);
            }
        }

        return chosen;

        static int Rank(DrawListing draw) =>
            draw.Draw.Name.StartsWith("evaluation/", StringComparison.Ordinal) ? 0 : DrawPlans.Epoch(draw.Draw) is null ? 1 : 2;
    }

    /// <summary>The iteration whose policy was sampled: an E-step samples an earlier one.</summary>
    private static int PolicyOf(RunSummary summary, DrawId draw) => draw != DrawId.EStep(draw.Iteration) ? draw.Iteration
        : summary.Iterations.FirstOrDefault(entry => entry.Iteration == draw.Iteration)?.SampledBy ?? draw.Iteration - 1;

    private static string Label(RunView view, DrawId draw) => draw switch
    {
        _ when draw == DrawId.EStep(draw.Iteration) => $"E-step {draw.Iteration}",
        _ when draw == DrawId.TrainGap(draw.Iteration) => $"{view.NameOf(draw.Iteration)} on train",
        _ when DrawPlans.Epoch(draw) is { } epoch => draw.Iteration == 0 ? $"{view.NameOf(0)}, validation" : $"{view.NameOf(draw.Iteration)}, validation of epoch {epoch}",
        _ => $"{view.NameOf(draw.Iteration)}, {(draw == DrawId.Greedy(draw.Iteration, draw.Set) ? "greedy" : "sampled")} on {draw.Set}",
    };

    private static Dictionary<(string Problem, int Index), (int Count, double Weight)> WeightsOf(RunLedger ledger, DrawId draw) => draw != DrawId.EStep(draw.Iteration)
        ? []
        : ledger.Kept.Read(draw.Iteration).ToDictionary(kept => (kept.ProblemId, kept.Index), kept => (kept.Count, kept.Weight));

    /// <summary>Completion, answer, evidence as names and values in turn, how it ended, tokens, log-probability, and of a kept one count and weight.</summary>
    private static object[] Row(ListedSample listed, Dictionary<(string Problem, int Index), (int Count, double Weight)> weights)
    {
        var (completion, finding) = listed.Sample;
        object[] row =
        [
            completion.Text, finding.Answer, finding.Details.SelectMany(detail => new[] { detail.Key, detail.Value }),
            completion.FinishReason.ToString(), completion.TokenIds.Count, Math.Round(completion.LogProbability, 3),
        ];
        return weights.TryGetValue((completion.ProblemId, completion.Index), out var kept) ? [.. row, kept.Count, kept.Weight] : row;
    }

    private static string[] ProblemBlocks(BrowserIndex index, RunView view)
    {
        var known = new Dictionary<(string Set, string Id), Problem>();
        foreach (var (set, problems) in view.Evaluations.Select(set => (set.Name, set.Problems)).Append(("validation", view.Validation)).Append(("train", view.Train)))
        {
            foreach (Problem problem in problems)
            {
                known.TryAdd((set, problem.Id), problem);
            }
        }

        return [.. index.ProblemKeys.Chunk(ProblemsPerBlock).Select(part => BrowserBlock.Pack(
            part.Select(key => known.TryGetValue(key, out Problem? problem) ? Row(problem) : ["", "", ""]).ToList()))];
    }

    /// <summary>Prompt, reference, and what else is known in one line.</summary>
    private static object[] Row(Problem problem)
    {
        var facts = problem.Metadata.Where(entry => entry.Value.Length <= 60).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}: {entry.Value}");
        string reference = problem.Tests is { } tests ? $"{tests.Statements.Count + tests.Cases.Count} tests ({tests.Form}){(tests.EntryPoint.Length > 0 ? $" of {tests.EntryPoint}" : "")}" : problem.Reference;
        return [problem.Prompt, reference, string.Join(", ", facts.Prepend(problem.Task.ToString().ToLowerInvariant()))];
    }
}
