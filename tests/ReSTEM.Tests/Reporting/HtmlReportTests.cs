using System.Xml.Linq;
using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

public sealed class HtmlReportTests
{
    private static readonly string[] MayLoad = ["src", "href", "srcset", "data", "action", "xlink:href", "poster"];

    [Fact]
    public async Task Report_is_well_formed_self_contained_and_accessible()
    {
        using var run = new FakeRun();
        run.Options = run.Options with { TrainGapSamples = 4 };
        await run.StartAsync();
        string html = Write(run);
        XElement[] elements = [.. Parse(html).Descendants()];

        OnlyTheBrowserRuns(html, elements);
        Assert.DoesNotContain(elements, element => element.Name.LocalName is "link" or "iframe" or "img" or "object" or "embed");
        Assert.DoesNotContain(
            elements.SelectMany(element => element.Attributes()),
            attribute => MayLoad.Contains(attribute.Name.LocalName) || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("url(", elements.Single(element => element.Name == "style").Value, StringComparison.Ordinal);
        Assert.All(elements.Where(element => element.Name == "svg"), svg => Assert.NotEmpty(svg.Attribute("aria-label")!.Value));
        Assert.All(elements.Where(element => element.Name == "table"), table => Assert.NotEmpty(table.Element("caption")!.Value));
        Assert.All(elements.Where(element => element.Name == "th"), header => Assert.NotNull(header.Attribute("scope")));
        Assert.Equal(7, elements.Count(element => element.Name == "svg")); // metrics, train-test gap, pass@k by k, loss, gradient norm, learning rate, solved
        Assert.Equal("en", elements[0].AncestorsAndSelf().Last().Attribute("lang")!.Value);
    }

    [Fact]
    public async Task Of_mixed_examples_it_shows_the_confidence_the_halves_and_both_losses()
    {
        using var run = FakeRun.Small();
        Assert.DoesNotContain("Mixing confident", Write(run), StringComparison.Ordinal);
        run.Options = run.Options with { MStep = run.Options.MStep with { Objective = new ObjectiveOptions { Sftmix = new SftMixOptions() } } };
        await run.StartAsync();
        XElement section = Parse(Write(run)).Descendants("section").Single(one => one.Element("h2")?.Value == "Mixing confident with unconfident examples");
        XElement[] tables = [.. section.Descendants("table")];
        ConfidenceSplit split = run.Read(ledger => ConfidenceSplit.Of(ledger.Training.ReadCheckpoints(1)));
        double[] sorted = [.. split.Perplexities.Order()];
        Assert.Equal(
            ["2", $"{split.Confident.Count}", $"{split.Unconfident.Count}", Number(sorted[0], 3), Number(split.Median, 3), Number(sorted[^1], 3)],
            Cells(tables[0], 0).Where((_, i) => i is not (4 or 6)));
        var steps = run.Read(ledger => ledger.Training.ReadSteps(1)).Where(step => step.Epoch == 1).ToList();
        double plain = steps.Average(step => step.Loss), mixed = steps.Average(step => step.Mixup!.Value);
        Assert.Equal(["1", Number(plain, 4), Number(mixed, 4), Number(plain + (0.2 * mixed), 4)], Cells(tables[1], 0));
        Assert.Equal((2, 4), (tables[0].Descendants("tbody").Elements("tr").Count(), tables[1].Descendants("tbody").Elements("tr").Count()));
        Assert.Equal(2, section.Descendants("svg").Count());

        static string Number(double value, int digits) => value.ToString($"F{digits}", System.Globalization.CultureInfo.InvariantCulture);
        static IEnumerable<string> Cells(XElement table, int row) => table.Descendants("tbody").Elements("tr").ElementAt(row).Elements("td").Select(cell => cell.Value);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("</pre></style></title><img src=x onerror=alert(1)>")]
    [InlineData("\" onmouseover=\"alert(1)")]
    [InlineData("\0\u001b[31m\u202e\ufffe\ud800]]>&amp;&#x3c;")]
    public async Task Text_from_outside_stays_text(string nasty)
    {
        using var run = new FakeRun();
        var problems = run.Problems.Evaluations[0].Problems.Select(problem => problem with
        {
            Id = problem.Id + nasty,
            Prompt = nasty.Replace("\n", " ", StringComparison.Ordinal) + "\n" + problem.Prompt,
            Metadata = new Dictionary<string, string> { ["kind"] = problem.Metadata["kind"] + nasty },
        });
        run.Problems = run.Problems with { Evaluations = [run.Problems.Evaluations[0] with { Name = "test" + nasty, Problems = [.. problems] }] };
        await run.StartAsync();
        RunView view = run.View with { Name = "run" + nasty, Command = nasty };
        string html = run.Read(ledger => HtmlReport.Write(ledger, SummaryReader.Read(ledger, view), nasty));
        XElement[] elements = [.. Parse(html).Descendants()];

        OnlyTheBrowserRuns(html, elements);
        Assert.DoesNotContain(elements, element => element.Name.LocalName is "img");
        Assert.DoesNotContain(elements.SelectMany(element => element.Attributes()), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Contains(elements, element => element.Name == "h1" && element.Value.StartsWith("run", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Numbers_are_those_of_the_ledger()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        RunSummary summary = run.Read(ledger => SummaryReader.Read(ledger, run.View));
        string text = Parse(Write(run)).Root!.Value;
        var before = Greedy(run, 0);
        var after = Greedy(run, summary.BestIteration);

        Assert.NotEqual(0, summary.BestIteration);
        Assert.Contains(
            $"{before.Intersect(after).Count()} right both times, {after.Except(before).Count()} turned right, {before.Except(after).Count()} turned wrong, " +
            $"{20 - before.Union(after).Count()} wrong both times",
            text, StringComparison.Ordinal);
        Assert.Contains(summary.Digest, text, StringComparison.Ordinal);
        Assert.Contains(run.Read(ledger => ledger.Training.Read(1)!.WeightsSha256), text, StringComparison.Ordinal);
        Assert.Contains("restem run configs/fake.yaml", text, StringComparison.Ordinal);
        Assert.Contains("arithmetic", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_curve_of_pass_at_k_goes_through_what_was_measured_and_every_policy_has_its_lineage()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        RunSummary summary = run.Read(ledger => SummaryReader.Read(ledger, run.View));
        XDocument page = Parse(Write(run));
        string[] points = [.. page.Descendants("title").Select(title => title.Value)];
        foreach (int iteration in (int[])[0, summary.BestIteration])
        {
            var measured = summary.Find(iteration, run.View.MainSet!.Name)!.Metrics.Where(metric => metric.Key.StartsWith("pass@", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(measured);
            Assert.All(measured, metric => Assert.Contains(
                $"{run.View.NameOf(iteration)}, {metric.Key["pass@".Length..]}: {Shown.Percent(metric.Value.Value)} % ({Shown.Interval(metric.Value)})", points));
        }

        XElement lineage = page.Descendants("table").Single(table => table.Element("caption")!.Value == "Where each policy comes from");
        Assert.Equal(run.View.Iterations, lineage.Element("tbody")!.Elements().Count());
        Assert.Equal(
            run.Read(ledger => ledger.Training.Read(1)!.WeightsSha256), lineage.Descendants("code").First().Attribute("title")!.Value);
    }

    [Fact]
    public async Task Unfinished_run_and_evaluation_of_one_model_have_a_report_too()
    {
        using var run = new FakeRun { OnBoundary = text => Stop(text, "start 1 e-step") };
        Parse(Write(run));
        await Assert.ThrowsAsync<OperationCanceledException>(run.StartAsync);
        Assert.Contains("not finished", Parse(Write(run)).Root!.Value, StringComparison.Ordinal);

        RunView one = run.View with { Iterations = 0, Models = ["some-model"], Options = null, Train = [] };
        string text = Parse(run.Read(ledger => HtmlReport.Write(ledger, SummaryReader.Read(ledger, one), ""))).Root!.Value;
        Assert.Contains("some-model", text, StringComparison.Ordinal);
        Assert.DoesNotContain("EM diagnostics", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_is_saved_in_the_run_folder_and_is_the_same_each_time()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        string path = run.Read(ledger => HtmlReport.Save(run.Folder, ledger, SummaryReader.Read(ledger, run.View)));
        string first = File.ReadAllText(path);
        run.Read(ledger => HtmlReport.Save(run.Folder, ledger, SummaryReader.Read(ledger, run.View)));

        Assert.Equal(Path.Combine(run.Folder, "report.html"), path);
        Assert.Equal(first, File.ReadAllText(path));
    }

    [Fact]
    public async Task Samples_are_in_the_page_with_their_texts_and_of_a_large_run_whole_draws_are_left_out()
    {
        using var run = new FakeRun();
        await run.StartAsync();
        RunSummary summary = run.Read(ledger => SummaryReader.Read(ledger, run.View));
        BrowserData all = run.Read(ledger => BrowserData.Of(ledger, summary, 10_000));
        var samples = run.Read(ledger => ledger.Listing.Find(new SampleFilter()).ToList());
        Assert.Equal((samples.Count, 0), (all.Count, all.LeftOut.Count));
        using var index = BrowserBlock.Unpack(all.Index);
        string[] texts = [.. all.Samples.SelectMany(block => BrowserBlock.Unpack(block).RootElement.EnumerateArray().Select(row => row[0].GetString()!))];
        Assert.Equal(samples.Select(sample => sample.Sample.Completion.Text), texts);
        Assert.Equal(samples.Select(sample => (int)sample.Sample.Finding.Verdict), index.RootElement.GetProperty("verdict").EnumerateArray().Select(verdict => verdict.GetInt32()));
        Assert.Equal(index.RootElement.GetProperty("problems").GetArrayLength(), all.Problems.Sum(block => BrowserBlock.Unpack(block).RootElement.GetArrayLength()));

        BrowserData some = run.Read(ledger => BrowserData.Of(ledger, summary, 400));
        Assert.Equal((3 * (80 + 20)) + 96, some.Count); // every evaluation, and the last E-step
        Assert.Equal("E-step 1 (96 samples)", some.LeftOut[1]);
        Assert.Contains("base model, validation (20 samples)", some.LeftOut);
    }

    [Fact]
    public void The_browser_makes_text_of_texts_and_asks_nobody()
    {
        foreach (string way in (string[])["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch(", "XMLHttpRequest", "import(", "WebSocket", "sendBeacon"])
        {
            Assert.DoesNotContain(way, BrowserScript.Text, StringComparison.Ordinal);
        }
    }

    // One problem: 1 of 2 correct, then 2 of 2. psi(2.5) - psi(1.5) = 1 / 1.5, and psi(3) cancels. Samples beyond the second change nothing.
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Measured_gain_is_the_difference_of_expected_log_z(int later)
    {
        using var run = new FakeRun();
        Estimate? gain = run.Read(ledger =>
        {
            Write(ledger, 1, 2, correct: 1);
            Write(ledger, 2, later, correct: 2);
            var kept = new[] { new KeptSample("a", 0, 1, 1, ledger.Samples.Read(DrawId.EStep(1), "a")[0]) };
            ledger.Kept.WriteAsync(1, kept.ToAsyncEnumerable(), CancellationToken.None).GetAwaiter().GetResult();
            return MeasuredGain.Of(new ReportData(ledger, SummaryReader.Read(ledger, run.View), ""), 1);
        });
        Assert.Equal(2.0 / 3, gain!.Value.Value, precision: 12);
    }

    private static void Write(RunLedger ledger, int iteration, int count, int correct) => ledger.Samples.Write(DrawId.EStep(iteration), [.. Enumerable.Range(0, count).Select(i =>
        new Sample(
            new Completion { ProblemId = "a", Index = i, TokenIds = [1], Text = "t", FinishReason = FinishReason.EndOfText, LogProbability = -1 },
            new Finding { Verdict = i < correct ? Verdict.Correct : Verdict.Incorrect, Reason = "r" }))]);

    private static string Write(FakeRun run) => run.Read(ledger => HtmlReport.Write(ledger, SummaryReader.Read(ledger, run.View), "name: fake\n"));

    private static List<string> Greedy(FakeRun run, int iteration) => [.. run.Samples(DrawId.Greedy(iteration, "test"))
        .Where(sample => sample.IsCorrect).Select(sample => sample.Completion.ProblemId)];

    /// <summary>One program, whose digest the policy of the page names; everything else that looks like one is base64.</summary>
    private static void OnlyTheBrowserRuns(string html, IReadOnlyList<XElement> elements)
    {
        Assert.Equal(2, html.Split("<script>").Length);
        Assert.Contains("<script>" + BrowserScript.Text + "</script>", html, StringComparison.Ordinal);
        string policy = elements.Single(element => element.Name == "meta" && element.Attribute("http-equiv") is not null).Attribute("content")!.Value;
        string digest = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(BrowserScript.Text)));
        Assert.Equal($"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'", policy);
        Assert.All(elements.Where(element => element.Name == "script" && element.Attribute("type") is not null), data =>
        {
            Assert.Equal("text/plain", data.Attribute("type")!.Value);
            Assert.Matches("^[A-Za-z0-9+/=]+$", data.Value);
        });
    }

    /// <summary>The report closes every element and escapes everything, so it is XML as well.</summary>
    private static XDocument Parse(string html) => XDocument.Parse(html["<!doctype html>".Length..]);

    private static void Stop(string boundary, string at)
    {
        if (boundary.StartsWith(at, StringComparison.Ordinal))
        {
            throw new OperationCanceledException(boundary);
        }
    }
}
