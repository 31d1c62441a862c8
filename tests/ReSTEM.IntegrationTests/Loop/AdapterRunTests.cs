using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>The loop with a low-rank adapter in place of the weights.</summary>
public sealed class AdapterRunTests
{
    [Fact]
    public void An_adapter_on_the_quickstart_model_improves_it_beyond_chance()
    {
        using var restem = new Restem();
        string[] settings =
        [
            "iterations=1", "e_step.samples=4", "problems.train.generate.count=300", "problems.validation.generate.count=24", "m_step.adapter.rank=8",
            "m_step.optimizer.learning_rate=2e-3", "evaluations.test.problems.generate.count=210", "train_gap_samples=0",
        ];
        var (exitCode, output, errors) = restem.Run(
            ["run", Path.Combine(Restem.Root, "configs", "quickstart-math.yaml"), "--json", .. settings.SelectMany(setting => new[] { "--set", setting })]);
        Assert.True(exitCode == 0, errors);
        using var summary = JsonDocument.Parse(output);
        var gain = summary.RootElement.GetProperty("differences").GetProperty("test").GetProperty("pass@1");
        Assert.True(gain.GetProperty("low").GetDouble() > 0.05, $"pass@1 rose by {gain}, expected more than 5 points at the lower end");

        string policy = restem.PathOf("runs", "quickstart-math", "iterations", "001", "policy");
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors", "training.json"], Directory.EnumerateFiles(policy).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        File.WriteAllText(restem.PathOf("prompts.jsonl"), """{"prompt": "Add 3 and 4.\n"}""" + "\n");
        Assert.Equal(0, restem.Run("sample", "--model", policy, "--input", restem.PathOf("prompts.jsonl"), "--output", "-").ExitCode);

        string[] onAdapter = ["check", Path.Combine(Restem.Root, "configs", "quickstart-math.yaml"), "--set", $"base={policy}"];
        Assert.Contains("is an adapter, expected m_step.adapter to go on with it", restem.Run(onAdapter).Errors, StringComparison.Ordinal);
        Assert.Contains("m_step.adapter has rank 2, alpha 4 and 28 projections (down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj), expected rank 8, alpha 16 and 28 projections", restem.Run([.. onAdapter, "--set", "m_step.adapter.rank=2"]).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public void A_killed_run_with_an_adapter_goes_on_to_the_same_end(string merged)
    {
        string[] settings = ["--set", "m_step.adapter.rank=4", "--set", $"m_step.adapter.merged={merged}"];
        using var whole = new Restem();
        string expected = SmallRun.WithAdapter.Finish(whole, [], ["--set", "engine.threads=2", .. settings]);
        using var killed = new Restem();
        killed.KillAfter("2/2 m-step", TimeSpan.FromMilliseconds(300), [.. SmallRun.WithAdapter.Arguments, .. settings]);
        Assert.Equal(expected, SmallRun.WithAdapter.Finish(killed, [], ["--set", "engine.threads=1", "--set", "engine.slots=7", .. settings]));
    }
}
