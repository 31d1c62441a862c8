using System.Globalization;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.IntegrationTests;

/// <summary>The loop on problems with labels: a base model that says them, rewarded by how many annotators agree.</summary>
public sealed class LabelRunTests : IClassFixture<LabelRunTests.Undisturbed>
{
    private const string Start = """
        name: start
        base: {base}
        prompt: {template: "{prompt}\nFruit:"}
        stages:
          - problems: {files: [start.jsonl], labels: {apples: " a", pears: " pears"}}
            objective: {mean_over: sequences}
            epochs: 8
            shuffle: true
            optimizer: {learning_rate: 2e-3, warm_up_steps: 4, batch_sequences: 8}

        """;

    private const string Loop = """
        name: labels
        base: runs/start/model
        iterations: 2
        prompt: {template: "{prompt}\nFruit:"}
        problems:
          train: {files: [rows.jsonl], labels: {apples: " a", pears: " pears"}}
          validation: {share: 0.2}
        e_step: {samples: 4, sampling: {max_tokens: 8, temperature: 1.0}, keep: any}
        m_step:
          weights: agreement
          epochs: 2
          optimizer: {learning_rate: 5e-4, warm_up_steps: 2, batch_sequences: 8, commit_seconds: 0}
        validation: {samples: 2, sampling: {max_tokens: 8}}
        evaluations:
          test: {problems: {share: 0.4}, measure: {samples: 4, k: [1, 4], sampling: {max_tokens: 8}}}

        """;

    private const string Judged = """
        extends: loop.yaml
        name: judged
        iterations: 1
        verifier:
          annotators:
            - judge: {model: runs/start/model, ask: "{completion} {prompt}\nFruit:", correct: a, not: p, rounds: 3}
        e_step: {agreement: 0.7}

        """;

    private static readonly string[] Fruits = ["pears", "apples"];

    private readonly Undisturbed _whole;

    public LabelRunTests(Undisturbed whole) => _whole = whole;

    [Fact]
    public void Killed_in_both_steps_it_goes_on_to_the_same_end()
    {
        using var restem = new Restem();
        Write(restem);
        _whole.CopyStart(restem);
        restem.KillAfterEach([("1/2 e-step", 20), ("1/2 m-step", 200), ("2/2 m-step", 300)], "run", "loop.yaml", "--json");
        var (exitCode, output, errors) = restem.Run("run", "loop.yaml", "--json", "--set", "engine.threads=1", "--set", "engine.slots=3");
        Assert.True(exitCode == 0, errors);
        Assert.Equal(_whole.Digest, Digest(output));
    }

    /// <summary>Macro-F1 and agreement by their definitions, of what the ledger says was said.</summary>
    [Fact]
    public void Summary_report_and_ledger_have_macro_F1_and_agreement()
    {
        using var summary = JsonDocument.Parse(_whole.Output);
        using RunLedger ledger = RunLedger.OpenToRead(_whole.Place.PathOf("runs", "labels"));
        foreach (JsonElement iteration in summary.RootElement.GetProperty("iterations").EnumerateArray())
        {
            int number = iteration.GetProperty("iteration").GetInt32();
            JsonElement test = iteration.GetProperty("evaluations").GetProperty("test");
            Assert.Equal(16, test.GetProperty("problems").GetInt32());
            (string Right, string Said)[] greedy = [.. Samples(ledger, DrawId.Greedy(number, "test"))
                .Select(sample => (Right(sample.Completion.ProblemId), sample.Finding.Reason is "no-label" ? "" : sample.Finding.Answer))];
            Assert.Equal(16, greedy.Length);
            Assert.Equal(greedy.Count(pair => pair.Right == pair.Said) / 16.0, Value(test, "greedy"), 12);
            Assert.Equal(MacroF1(greedy), Value(test, "macro_f1"), 12);
            double agreement = Samples(ledger, DrawId.Sampled(number, "test"))
                .Average(sample => double.Parse(sample.Finding.Evidence.GetValueOrDefault("agreement", "0"), CultureInfo.InvariantCulture));
            Assert.Equal(agreement, Value(test, "agreement"), 1e-3); // the evidence has four digits
        }

        string report = File.ReadAllText(_whole.Place.PathOf("runs", "labels", "report.html"));
        Assert.Contains("test, macro_f1", report, StringComparison.Ordinal);
        Assert.Contains("Of labels, greedy is the accuracy", report, StringComparison.Ordinal);
    }

    /// <summary>What some annotators say and most do not is kept, with their share as its weight.</summary>
    [Fact]
    public void Both_labels_of_a_disputed_text_are_trained_on_by_the_share_of_each()
    {
        using RunLedger ledger = RunLedger.OpenToRead(_whole.Place.PathOf("runs", "labels"));
        KeptSample[] kept = [.. ledger.Kept.Read(1)];
        var disputed = kept.GroupBy(sample => sample.ProblemId).Where(problem => problem.Count() > 1).ToList();
        Assert.NotEmpty(disputed);
        Assert.All(disputed, problem =>
        {
            double[] mass = [.. problem.Select(sample => sample.Count * double.Parse(sample.Sample.Finding.Evidence["agreement"], CultureInfo.InvariantCulture))];
            Assert.Equal(mass.Select(one => one / mass.Sum()), problem.Select(sample => sample.Weight), (one, other) => Math.Abs(one - other) < 1e-3);
        });
        Assert.Equal(["apples", "pears"], kept.Select(sample => sample.Sample.Finding.Answer).Distinct().Order());
    }

    [Fact]
    public void The_audit_finds_everything_as_it_was_written()
    {
        var (exitCode, output, errors) = _whole.Place.Run("audit", "runs/labels");
        Assert.True(exitCode == 0, output + errors);
    }

    /// <summary>The same model as a judge of what it says itself; the audit asks it again.</summary>
    [Fact]
    public void Rounds_of_a_judge_are_annotators_and_say_the_same_when_they_are_asked_again()
    {
        using var restem = new Restem();
        Write(restem);
        _whole.CopyStart(restem);
        File.WriteAllText(restem.PathOf("judged.yaml"), Judged);
        var (exitCode, output, errors) = restem.Run("run", "judged.yaml", "--json");
        Assert.True(exitCode == 0, errors);
        using (RunLedger ledger = RunLedger.OpenToRead(restem.PathOf("runs", "judged")))
        {
            string[][] ratings = [.. Samples(ledger, DrawId.EStep(1)).Select(sample => PanelVerifier.RatingsOf(sample.Finding)!.ToArray())];
            Assert.Contains(ratings, one => one.Length == 4);
            var measures = ledger.Measures.Read(1);
            Assert.Equal(KrippendorffAlpha.Nominal(ratings)!.Value, measures[Measure.PanelAlpha].Value, 12);
            Assert.Equal(ratings.Count(one => RaterAgreement.Of(one) < 0.7), measures[Measure.PanelWithheld].Value);
            Assert.All(ledger.Kept.Read(1), kept => Assert.True(RaterAgreement.Of(PanelVerifier.RatingsOf(kept.Sample.Finding)!) >= 0.7));
        }

        (exitCode, output, errors) = restem.Run("audit", "runs/judged");
        Assert.True(exitCode == 0, output + errors);
    }

    [Fact]
    public void A_label_that_would_be_cut_is_refused_and_nothing_begins()
    {
        using var restem = new Restem();
        Write(restem);
        _whole.CopyStart(restem);
        var (exitCode, _, errors) = restem.Run("run", "loop.yaml", "--set", "e_step.sampling.max_tokens=2");
        Assert.Equal(2, exitCode);
        Assert.Contains("e_step.sampling.max_tokens is 2, expected at least ", errors, StringComparison.Ordinal);
        Assert.Contains("the label 'pears' is ", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(restem.PathOf("runs", "labels")));
    }

    private static IEnumerable<Sample> Samples(RunLedger ledger, DrawId draw) => Enumerable.Range(24, 40).SelectMany(number => ledger.Samples.Read(draw, $"p{number}"));

    private static string Right(string id) => Fruits[int.Parse(id[1..], CultureInfo.InvariantCulture) % 2];

    private static double Value(JsonElement set, string metric) => set.GetProperty(metric).GetProperty("value").GetDouble();

    private static string Digest(string output)
    {
        using var summary = JsonDocument.Parse(output);
        return summary.RootElement.GetProperty("digest").GetString()!;
    }

    private static double MacroF1((string Right, string Said)[] pairs) => new[] { "apples", "pears" }
        .Where(label => pairs.Any(pair => pair.Right == label || pair.Said == label))
        .Average(label => 2.0 * pairs.Count(pair => pair.Right == label && pair.Said == label)
            / (pairs.Count(pair => pair.Right == label) + pairs.Count(pair => pair.Said == label)));

    /// <summary>Texts about apples and pears; of every third one annotator of three says the other.</summary>
    private static void Write(Restem restem)
    {
        File.WriteAllText(restem.PathOf("start.yaml"), Start.Replace("{base}", Path.Combine(Restem.Root, "configs", "quickstart", "base"), StringComparison.Ordinal));
        File.WriteAllText(restem.PathOf("loop.yaml"), Loop);
        File.WriteAllLines(restem.PathOf("start.jsonl"), Enumerable.Range(0, 24).Select(Row));
        File.WriteAllLines(restem.PathOf("rows.jsonl"), Enumerable.Range(24, 40).Select(Row));

        static string Row(int number)
        {
            string[] names = ["Ann", "Ben", "Eva", "Ida", "Leo", "Mia", "Sam", "Tom"];
            string fruit = Fruits[number % 2], third = number % 3 == 0 ? Fruits[1 - (number % 2)] : fruit;
            return $$$"""{"id": "p{{{number}}}", "text": "{{{names[number % 8]}}} and {{{names[number / 8 % 8]}}} have {{{number}}} {{{fruit}}}", "target": {"annotations": ["{{{fruit}}}", "{{{fruit}}}", "{{{third}}}"]}}""";
        }
    }

    /// <summary>A run with two threads that nothing disturbs.</summary>
    public sealed class Undisturbed : IDisposable
    {
        public Undisturbed()
        {
            Write(Place);
            var (exitCode, _, errors) = Place.Run("train", "start.yaml");
            Assert.True(exitCode == 0, errors);
            (exitCode, Output, errors) = Place.Run("run", "loop.yaml", "--json", "--set", "engine.threads=2");
            Assert.True(exitCode == 0, errors);
        }

        internal Restem Place { get; } = new();

        internal string Output { get; } = "";

        internal string Digest => LabelRunTests.Digest(Output);

        public void Dispose() => Place.Dispose();

        internal void CopyStart(Restem restem)
        {
            string source = Place.PathOf("runs", "start", "model"), target = restem.PathOf("runs", "start", "model");
            Directory.CreateDirectory(target);
            foreach (string file in Directory.EnumerateFiles(source))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }
    }
}
