using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>A few problems of the main set whose answer turned from wrong to right, and from right to wrong.</summary>
internal static class ExampleSection
{
    private const int Most = 3;
    private const int MostCharacters = 1500;

    internal static void Write(HtmlWriter html, ReportData data)
    {
        if (data.View.MainSet is not { } set || data.Best == 0)
        {
            return;
        }

        var before = Samples(data, set, 0);
        var after = Samples(data, set, data.Best);
        var changed = set.Problems
            .Where(problem => before.ContainsKey(problem.Id) && after.ContainsKey(problem.Id))
            .Select(problem => (Problem: problem, Before: before[problem.Id], After: after[problem.Id]))
            .ToList();
        var gained = changed.Where(entry => !entry.Before.IsCorrect && entry.After.IsCorrect).ToList();
        var lost = changed.Where(entry => entry.Before.IsCorrect && !entry.After.IsCorrect).ToList();
        if (changed.Count == 0)
        {
            return;
        }

        int both = changed.Count(entry => entry.Before.IsCorrect && entry.After.IsCorrect);
        html.Open("section").Element("h2", "What changed, problem by problem");
        html.Element("p", $"{(set.Options.Greedy ? "Greedy completions" : "First samples")} on {set.Name}, {data.View.NameOf(0)} beside {data.View.NameOf(data.Best)}: " +
            $"{Shown.Count(both)} right both times, {Shown.Count(gained.Count)} turned right, {Shown.Count(lost.Count)} turned wrong, " +
            $"{Shown.Count(changed.Count - both - gained.Count - lost.Count)} wrong both times.");
        Group(html, data, "From wrong to right", gained);
        Group(html, data, "From right to wrong", lost);
        html.Close().Line();
    }

    private static Dictionary<string, Sample> Samples(ReportData data, EvaluationSet set, int iteration)
    {
        DrawId draw = set.Options.Greedy ? DrawId.Greedy(iteration, set.Name) : DrawId.Sampled(iteration, set.Name);
        return set.Problems
            .SelectMany(problem => data.Ledger.Samples.Read(draw, problem.Id).Where(sample => sample.Completion.Index == 0))
            .ToDictionary(sample => sample.Completion.ProblemId, StringComparer.Ordinal);
    }

    /// <summary>Examples spread evenly over all that there are, so that nobody chose them.</summary>
    private static void Group(HtmlWriter html, ReportData data, string title, List<(Problem Problem, Sample Before, Sample After)> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        int shown = Math.Min(Most, entries.Count);
        html.Element("h3", $"{title}: {shown} of {Shown.Count(entries.Count)}");
        for (int i = 0; i < shown; i++)
        {
            var (problem, before, after) = entries[i * entries.Count / shown];
            html.Open("article", ("class", "example")).Open("div", ("class", "prompt")).Element("h4", problem.Id);
            Pre(html, problem.Prompt);
            if (problem.Reference.Length > 0)
            {
                html.Open("p", ("class", "reference")).Text("Reference: ").Element("code", Cut(problem.Reference)).Close();
            }

            html.Close();
            Completion(html, data.View.NameOf(0), before);
            Completion(html, data.View.NameOf(data.Best), after);
            html.Close().Line();
        }
    }

    private static void Completion(HtmlWriter html, string policy, Sample sample)
    {
        html.Open("div").Open("h4").Text(policy + " ");
        html.Element("span", $"{sample.Finding.Verdict}: {sample.Finding.Reason}", ("class", "verdict " + (sample.IsCorrect ? "good" : "bad"))).Close();
        Pre(html, sample.Completion.Text);
        html.Close();
    }

    private static void Pre(HtmlWriter html, string text) => html.Open("pre", ("dir", "auto"), ("tabindex", "0")).Text(Cut(text.Trim('\n'))).Close();

    private static string Cut(string text) => text.Length <= MostCharacters
        ? text
        : $"{text[..MostCharacters]}\u2026 ({Shown.Count(text.Length - MostCharacters)} more characters)";
}
