using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>Sweeps: what is refused before anything is run.</summary>
public sealed class SweepPlanTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public SweepPlanTests()
    {
        Write("recipe.yaml", "name: recipe\nbase: model\nproblems: {train: {generate: {kinds: [word], split: train, count: 3}}}");
        Write("equal.yaml", "name: equal\nextends: recipe.yaml\nm_step: {weights: equal}");
        Write("other.yaml", "name: other\nbase: model\nproblems: {train: {generate: {kinds: [word], split: train, count: 3}}}");
        Write("seeded.yaml", "name: seeded\nextends: recipe.yaml\nseed: 4");
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Every_run_has_a_folder_a_name_and_a_seed_of_its_own()
    {
        SweepPlan plan = Read("overlays: {equal: equal.yaml, short: {set: [iterations=1]}, taught: {config: equal.yaml, teacher: short}}\nseeds: [3, 4]\nset: [m_step.epochs=1]");
        Assert.Equal(["base", "equal", "short", "taught"], plan.Rows.Select(row => row.Name));
        RunPlan run = plan.PlanOf(plan.Rows[2], 4, null, LoadWatch.None);
        Assert.Equal(("runs/sweep/short-seed4", "short-seed4", 4, 1, 1), (run.Folder, run.Config.Name, run.Config.Seed, run.Config.Iterations, run.Config.MStep.Epochs));
        Assert.Equal(Path.GetFullPath("policy"), Path.GetFullPath(plan.PlanOf(plan.Rows[3], 3, "policy", LoadWatch.None).TeacherFolder));
    }

    [Theory]
    [InlineData("overlays: {}", "overlays is empty, expected at least one; a single configuration is started with restem run.")]
    [InlineData("overlays: {equal: equal.yaml}\nseeds: [1, 1]", "seeds is [1, 1], expected at least one, each at least 0 and each once.")]
    [InlineData("overlays: {base: equal.yaml}", "overlays.base is named 'base', expected letters")]
    [InlineData("overlays: {a/b: equal.yaml}", "overlays.a/b is named 'a/b', expected letters")]
    [InlineData("overlays: {equal: {teacher: later}, later: equal.yaml}", "overlays.equal.teacher is 'later', expected one that stands before it: base.")]
    [InlineData("overlays: {equal: {}}", "overlays.equal changes nothing, expected config, set or teacher.")]
    [InlineData("overlays: {equal: {set: [seed=3]}}", "overlays.equal.set says seed, which the sweep says of each of its runs (seeds); leave it out.")]
    [InlineData("overlays: {equal: {set: [iterations=3, iterations=2]}}", "overlays.equal.set says iterations 2 times, expected once.")]
    [InlineData("overlays: {equal: {set: [iterations]}}", "overlays.equal.set holds 'iterations', expected key.path=value.")]
    [InlineData("overlays: {equal: {set: [e_step.policy=x], teacher: base}}", "overlays.equal says e_step.policy beside teacher, expected one of them.")]
    [InlineData("overlays: {equal: seeded.yaml}", "seeded.yaml:3:7: seed is 4, which the sweep says of each of its runs (seeds); leave it out.")]
    [InlineData("overlays: {equal: other.yaml}", "other.yaml: the file does not extend ")]
    [InlineData("overlays: {equal: none.yaml}", "none.yaml: does not exist")]
    [InlineData("overlays: {equal: {set: [m_step.weight=equal]}}", "--set m_step.weight=equal: unknown key 'm_step.weight'; did you mean 'weights'?")]
    [InlineData("overlays: {equal: equal.yaml, again: {set: [m_step.weights=equal]}}", "'again' is the same configuration as 'equal', expected each to differ from all others.")]
    public void What_cannot_be_compared_is_refused_in_one_line(string text, string fault)
    {
        ConfigIssue issue = Assert.Single(Assert.Throws<ConfigException>(() => Read(text)).Issues);
        Assert.Contains(fault, issue.ToString(), StringComparison.Ordinal);
        Assert.Contains("sweep.yaml:", issue.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_and_a_run_are_told_apart()
    {
        string sweep = Write("sweep.yaml", "name: sweep\nbase: recipe.yaml\noverlays: {equal: equal.yaml}");
        Assert.Equal(ConfigKind.Sweep, ConfigFile.KindOf(sweep));
        Assert.Contains("start it with restem sweep", Assert.Throws<ConfigException>(() => RunPlan.Read(sweep, [])).Message, StringComparison.Ordinal);
        Assert.Contains("has no overlays, which is one of restem run; a sweep names it as its base.", Assert.Throws<ConfigException>(() => SweepPlan.Read(_scratch.File("recipe.yaml"), [])).Message, StringComparison.Ordinal);
    }

    private SweepPlan Read(string text) => SweepPlan.Read(Write("sweep.yaml", $"name: sweep\nbase: recipe.yaml\n{text}"), []);

    private string Write(string name, string text)
    {
        File.WriteAllText(_scratch.File(name), text);
        return _scratch.File(name);
    }
}
