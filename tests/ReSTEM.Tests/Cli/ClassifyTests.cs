using ReSTEM.Cli;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>What <c>restem classify</c> measures, on the quickstart's model.</summary>
public sealed class ClassifyTests : IDisposable
{
    private static readonly string Base = Path.Combine(SharedData.RepositoryRoot, "configs", "quickstart", "base");

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Two_models_are_measured_on_the_same_problems_and_get_temperatures()
    {
        var told = new List<string>();
        ClassResults results = Plan(Config("on_long_prompt: skip")).Measure(told.Add, CancellationToken.None);
        ClassifiedSet set = Assert.Single(results.Sets);
        Assert.Equal(("test", 6), (set.Name, set.Models[0].Count)); // one of seven is too long
        Assert.Contains("test: 1 of 7 problems are longer than the context with their longest label, and are left out", told);
        Assert.Equal(set.Models[0].Select(one => one.LogProbabilities), set.Models[1].Select(one => one.LogProbabilities)); // the base model twice
        Assert.Equal(2, results.Temperatures.Count);
        Assert.Equal(0, set.Figures(0).Difference(set.Figures(1), "nll", results.RandomOf(set)).Value);
        Assert.Equal(["no", "yes"], set.Labels);
        using var rows = new MemoryStream();
        PredictionRows.Write(rows, results);
        Assert.Equal(12, rows.ToArray().Count(b => b == '\n'));
    }

    [Fact]
    public void A_text_that_is_too_long_is_an_error_unless_it_may_be_left_out() => Assert.StartsWith(
        "test: 1 of 7 problems are longer than the context with their longest label, expected all to fit",
        Assert.Throws<InvalidDataException>(() => Plan(Config("on_long_prompt: error")).Measure(_ => { }, CancellationToken.None)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Sets_without_labels_are_refused()
    {
        File.WriteAllText(_scratch.File("sums.yaml"), $"name: a\nbase: {Base}\nproblems: {{train: {{generate: {{kinds: [word], split: train, count: 4}}}}}}\n"
            + "evaluations: {t: {problems: {generate: {kinds: [word], split: test, count: 4}}}}\n");
        string message = Assert.Throws<UsageException>(() => Plan(_scratch.File("sums.yaml")).Measure(_ => { }, CancellationToken.None)).Message;
        Assert.Contains("of t is of task math, expected classify", message, StringComparison.Ordinal);
    }

    private static ClassifyPlan Plan(string config) =>
        new([null, Base], RunPlan.Read(config, []), new ManagedEngine(new EngineOptions { Threads = 1 }));

    private string Config(string more)
    {
        string Rows(string set, int count) => string.Concat(Enumerable.Range(0, count).Select(i =>
            $"{{\"text\": \"{set} {new string('z', i == 6 ? 2000 : i)}\", \"soft_label\": {{\"no\": {(i % 2 == 0 ? "0.75" : "0.25")}, \"yes\": {(i % 2 == 0 ? "0.25" : "0.75")}}}}}\n"));
        File.WriteAllText(_scratch.File("train.jsonl"), Rows("train", 2));
        File.WriteAllText(_scratch.File("dev.jsonl"), Rows("dev", 4));
        File.WriteAllText(_scratch.File("test.jsonl"), Rows("test", 7));
        string path = _scratch.File("c.yaml");
        File.WriteAllText(path, $"name: c\nbase: {Base}\nprompt: {{template: \"{{prompt}}:\"}}\nproblems:\n  train: {{files: [train.jsonl]}}\n  validation: {{files: [dev.jsonl]}}\n"
            + $"  {more}\nevaluations: {{test: {{problems: {{files: [test.jsonl]}}}}}}\n");
        return path;
    }
}
