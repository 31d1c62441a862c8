using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>Pass@k over k: the first policy beside the best one, from all samples of a set.</summary>
/// <remarks>On reading the curves' distance at large k: Yue et al. 2025, arXiv:2504.13837.</remarks>
internal static class PassCurve
{
    /// <summary>The figure; nothing where a problem has a single sample.</summary>
    internal static void Write(HtmlWriter html, ReportData data, EvaluationSet set)
    {
        int[] policies = [.. new[] { 0, data.Best }.Distinct().Where(iteration => data.Summary.Find(iteration, set.Name)?.Metrics.Count > 0)];
        var counts = policies.ToDictionary(policy => policy, policy => set.Problems.Select(problem => data.Ledger.Samples.Count(DrawId.Sampled(policy, set.Name), problem.Id)).ToList());
        int most = counts.Count == 0 ? 0 : (int)counts.Values.SelectMany(of => of).Min(count => count.Judged);
        if (most < 2)
        {
            return;
        }

        int[] ks = [.. Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(k => k < most), most];
        MetricLine[] lines = [.. policies.Select(policy => new MetricLine(
            data.View.NameOf(policy), policy == 0 ? "s2" : "s1",
            [.. ks.Select(k => (Estimate?)Bootstrap.Mean([.. counts[policy].Select(count => PassAtK.Estimate((int)count.Judged, (int)count.Correct, k))], data.Random))]))];
        html.Open("figure").Element("h3", $"{set.Name}: pass@k by k");
        MetricChart.Write(html, $"pass@k on {set.Name} for {string.Join(", ", ks)} samples", [.. ks.Select(k => $"{k}")], lines, "k samples");
        html.Element("figcaption", "Where the curves meet at large k, training made frequent what the first policy found at times; a distance there is new reach.").Close().Line();
    }
}
