using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Shares of the training problems, per-file limits, prompts that are too long.</summary>
public sealed class ProblemCutTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public ProblemCutTests()
    {
        Rows("a.csv", 0, 200);
        Rows("b.csv", 200, 100);
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Shares_are_disjoint_together_whole_and_the_same_each_time()
    {
        RunProblems problems = Load("validation: {share: 0.1}", "test: {problems: {share: 0.25}}").Problems;
        Assert.Equal((195, 30, 75), (problems.Train.Count, problems.Validation.Count, problems.Evaluations[0].Problems.Count));
        Assert.Equal(300, problems.All.Select(problem => problem.Id).Distinct().Count());
        Assert.Equal(problems.Train.Select(Number).Order(), problems.Train.Select(Number));
        RunProblems again = Load("validation: {share: 0.1}", "test: {problems: {share: 0.25}}").Problems;
        Assert.Equal(problems.All.Select(problem => problem.Id), again.All.Select(problem => problem.Id));
        Assert.NotEqual(Ids(problems.Validation), Ids(Load("validation: {share: 0.1}", "test: {problems: {share: 0.25}}", "seed=2").Problems.Validation));
    }

    [Fact]
    public void A_share_does_not_depend_on_the_sets_after_it()
    {
        RunProblems alone = Load("validation: {share: 0.1}", null).Problems;
        RunProblems with = Load("validation: {share: 0.1}", "x: {problems: {share: 0.3}}").Problems;
        Assert.Equal(Ids(alone.Validation), Ids(with.Validation));
        Assert.Equal(270, alone.Train.Count);
        Assert.Equal(6, Load("validation: {share: 0.1, limit: 6}", null).Problems.Validation.Count);
    }

    [Fact]
    public void A_share_of_few_problems_is_one_and_never_all()
    {
        Rows("a.csv", 0, 2);
        Rows("b.csv", 5, 1);
        Assert.Equal((2, 1), (Load("validation: {share: 0.01}", null).Problems.Train.Count, Load("validation: {share: 0.01}", null).Problems.Validation.Count));
        string message = Assert.Throws<ConfigException>(() => Load("validation: {share: 0.5}", "x: {problems: {share: 0.4}}")).Message;
        Assert.Contains("train has 3 problems, expected more than the 3 that go to validation, x.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_of_one_file_leaves_the_others_alone_and_is_the_same_each_time()
    {
        const string Limited = "[{path: a.csv, limit: 20}, b.csv]";
        var train = Load("", null, $"problems.train.files={Limited}").Problems.Train;
        Assert.Equal((20, 100), (train.Count(problem => Number(problem) < 200), train.Count(problem => Number(problem) >= 200)));
        Assert.Equal(Ids(train), Ids(Load("", null, $"problems.train.files={Limited}").Problems.Train));
        Assert.Subset(
            Ids(Load("", null, "problems.train.files=[{path: a.csv, limit: 50}, b.csv]").Problems.Train).ToHashSet(), Ids(train).ToHashSet());
    }

    [Fact]
    public void Long_prompts_are_refused_by_name_or_left_out_which_changes_the_identity()
    {
        File.AppendAllText(_scratch.File("b.csv"), $"\"{string.Join(' ', Enumerable.Repeat("long", 400))}\",1\n");
        var model = new FakeEngine(_ => { }, 1, new FakeTrainer(_ => { }, () => { }, _ => { }, 1)) is var engine ? Describe(engine) : null;
        RunPlan plan = Load("", null);
        string message = Assert.Throws<InvalidDataException>(() => plan.FittedTo([model!], LoadWatch.None)).Message;
        Assert.Contains("1 of 301 prompts do not fit the model: expected 1 to ", message, StringComparison.Ordinal);
        Assert.Contains("'b/100' (", message, StringComparison.Ordinal);
        Assert.Contains("problems.on_long_prompt: skip", message, StringComparison.Ordinal);
        var (fitted, fit) = Load("", null, "problems.on_long_prompt=skip").FittedTo([model!], LoadWatch.None);
        Assert.Equal((300, "b/100"), (fitted.Problems.Train.Count, Assert.Single(fit.LeftOut).Id));
        Assert.StartsWith("train: 1 of 301 problems are left out, their prompts have more than ", Assert.Single(fit.Lines(plan.Problems)), StringComparison.Ordinal);
        Assert.InRange(fit.Longest, 1, model!.ContextLength - 1);
    }

    /// <summary>A prompt leaves room for one token at least: of a context of 300 it has 299 at most.</summary>
    [Fact]
    public void A_prompt_as_long_as_the_context_is_too_long()
    {
        File.WriteAllText(_scratch.File("a.csv"), $"question,answer\n{new string('a', 299)},1\n{new string('b', 300)},1\n");
        var engine = new FakeEngine(_ => { }, 1, new FakeTrainer(_ => { }, () => { }, _ => { }, 1));
        var (fitted, fit) = Load("", null, "problems.on_long_prompt=skip", "problems.train.files=[a.csv]").FittedTo([Describe(engine)], LoadWatch.None);
        Assert.Equal(("a/0", 299, "a/1", 300), (Assert.Single(fitted.Problems.Train).Id, fit.Longest, Assert.Single(fit.LeftOut).Id, fit.LeftOut[0].Tokens));
    }

    private ModelInfo Describe(FakeEngine engine)
    {
        new FakeWeights(new Dictionary<string, double> { ["arithmetic"] = 0, ["word"] = 0 }).Save(_scratch.File("base"));
        return engine.Describe(engine.Resolve(_scratch.File("base"))) with { ContextLength = 300 };
    }

    private RunPlan Load(string problems, string? evaluations, params string[] overrides)
    {
        string path = _scratch.File("run.yaml");
        File.WriteAllText(path, $$"""
            name: a
            base: base
            problems:
              train: {files: [a.csv, b.csv], task: math}
              {{problems}}
            {{(evaluations is null ? "" : $"evaluations: {{{evaluations}}}")}}
            """);
        return RunPlan.Read(path, overrides);
    }

    private void Rows(string name, int first, int count) => File.WriteAllText(
        _scratch.File(name), "question,answer\n" + string.Concat(Enumerable.Range(first, count).Select(i => $"What is {i} + 1?,{i + 1}\n")));

    private static int Number(Problem problem) => int.Parse(problem.Reference, null) - 1;

    private static string[] Ids(IEnumerable<Problem> problems) => [.. problems.Select(problem => problem.Id)];
}
