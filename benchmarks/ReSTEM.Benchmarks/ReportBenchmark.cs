using System.Diagnostics;
using System.Globalization;
using ReSTEM.Core;
using ReSTEM.IntegrationTests;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Benchmarks;

/// <summary>How long the report of many samples takes: to write, to open in a browser up to its first view, to filter and to search.</summary>
internal static class ReportBenchmark
{
    private const int SamplesEach = 8;
    private const int WordsEach = 100; // some 600 characters, as a solution of a school problem has
    private const int Rounds = 5;
    private static readonly string[] Words = ["so", "the", "sum", "of", "apples", "is", "half", "twelve", "each", "left", "now", "we", "divide", "by", "and", "multiply"];

    /// <summary>Prints one line for each thing measured; needs chromium on the path.</summary>
    /// <param name="samples">In the page.</param>
    internal static async Task RunAsync(int samples)
    {
        string folder = Directory.CreateTempSubdirectory("restem-report-").FullName;
        RandomSequence random = RandomStream.Of(5, RandomPurpose.Problems).Sequence();
        Problem[] problems = [.. Enumerable.Range(0, samples / SamplesEach / 2).Select(p => new Problem
        {
            Id = $"p{p}",
            Task = TaskKind.Math,
            Prompt = $"What is {p} + {p}? {Text(random, 40)}",
            Reference = (2 * p).ToString(CultureInfo.InvariantCulture),
        })];
        string path = Path.Combine(folder, "report.html");
        using (RunLedger ledger = RunLedger.Open(folder))
        {
            foreach (int iteration in (int[])[0, 1])
            {
                var draw = DrawId.Sampled(iteration, "test");
                ledger.Samples.Begin(draw, new PolicyFingerprint("abc", new EngineFingerprint("known", "1", "text", Deterministic: true)));
                foreach (Problem[] part in problems.Chunk(1000))
                {
                    ledger.Samples.Write(draw, [.. part.SelectMany(problem => Enumerable.Range(0, SamplesEach).Select(i => Draw(problem, i, random)))]);
                }
            }

            var view = new RunView
            {
                Name = "large",
                Seed = 1,
                Iterations = 1,
                Verifier = new TaskVerifier(new Dictionary<TaskKind, IVerifier>()),
                Evaluations = [new EvaluationSet("test", problems, new EvaluationOptions { Samples = SamplesEach, K = [1], Greedy = false })],
            };
            var clock = Stopwatch.StartNew();
            File.WriteAllText(path, HtmlReport.Text([new ReportedRun(folder, ledger, SummaryReader.Read(ledger, view))], samples));
            Tell($"report of {2 * problems.Length * SamplesEach:N0} samples written, {new FileInfo(path).Length / 1048576.0:F1} MiB", [clock.Elapsed.TotalSeconds]);
        }

        await OpenAsync("file://" + path);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task OpenAsync(string url)
    {
        List<double> view = [], filter = [], search = [];
        for (int round = 0; round < Rounds; round++)
        {
            using var chromium = new Chromium();
            await using BrowserPage page = await chromium.PageAsync(watched: false);
            await page.OpenAsync(url, "document.getElementById('samples')?.dataset.ready === 'yes' && [...document.querySelectorAll('.row .text')].some(row => row.textContent.length > 1)");
            view.Add((await page.EvaluateAsync("performance.now() / 1000")).GetDouble());
            filter.Add(await SetAsync(page, "verdict", "change", "Correct"));
            await SetAsync(page, "verdict", "change", "");
            search.Add(await SetAsync(page, "q", "input", "apples apples apples apples apples"));
        }

        Tell("opened, first view with text", view);
        Tell("filtered by verdict", filter);
        Tell("searched through all texts", search);
    }

    /// <summary>Seconds until all that a filter leaves is listed.</summary>
    private static async Task<double> SetAsync(BrowserPage page, string part, string happens, string value)
    {
        await page.EvaluateAsync($"window.begun = performance.now(); (() => {{ const part = document.querySelector('[data-part={part}]'); part.value = '{value}'; part.dispatchEvent(new Event('{happens}')); }})()");
        await page.UntilAsync($"(document.querySelector('[data-part=count]').dataset.of || '[]') === JSON.stringify(['run', 'set', 'policy', 'draw', 'verdict', 'reason', 'outcome', 'label', 'q'].map(name => document.querySelector(`[data-part=${{name}}]`).value))");
        return (await page.EvaluateAsync("(performance.now() - begun) / 1000")).GetDouble();
    }

    private static Sample Draw(Problem problem, int index, RandomSequence random) => new(
        new Completion { ProblemId = problem.Id, Index = index, TokenIds = [1, 2, 3], Text = $"{Text(random, WordsEach)}\n#### {random.Below(20)}", FinishReason = FinishReason.EndOfText, LogProbability = -1.5 },
        new Finding { Verdict = random.Below(3) == 0 ? Verdict.Correct : Verdict.Incorrect, Reason = "compared", Answer = "1", Verifier = "known 1" });

    private static string Text(RandomSequence random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Below(Words.Length)]));

    private static void Tell(string what, List<double> seconds) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what}: {seconds.Order().ElementAt(seconds.Count / 2):F2} s (median of {seconds.Count}; {seconds.Min():F2} to {seconds.Max():F2})"));
}
