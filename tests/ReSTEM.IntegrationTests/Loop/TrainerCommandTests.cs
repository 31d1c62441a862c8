using System.Diagnostics;

namespace ReSTEM.IntegrationTests;

/// <summary>Runs whose M-step another process does: the same ledger and the same weights, whatever becomes of it.</summary>
public sealed class TrainerCommandTests
{
    [Fact]
    public void A_run_trained_by_train_job_ends_with_the_bits_of_one_without_and_names_its_trainer()
    {
        using var restem = new Restem();
        Assert.Equal(SmallRun.Smallest.Whole, SmallRun.Smallest.Finish(restem, [], ByTrainJob()));
        Assert.Equal(SmallRun.Smallest.Whole, SmallRun.Smallest.Finish(restem, [], ByTrainJob("--threads", "1"))); // another command, the same trainer
        var (exitCode, _, errors) = restem.Run(SmallRun.Smallest.Arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains("was: m_step.trainer.name: command", errors, StringComparison.Ordinal);
        Assert.Contains(", trained by command: managed ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_killed_while_another_process_trains_goes_on_to_the_same_end()
    {
        using var restem = new Restem();
        restem.KillAfterEach([("1/2 m-step", 100), ("2/2 m-step", 900)], [.. SmallRun.Smallest.Arguments, .. ByTrainJob()]);
        Assert.Equal(SmallRun.Smallest.Whole, SmallRun.Smallest.Finish(restem, [], ByTrainJob()));
    }

    [Fact]
    public async Task An_interrupted_run_has_its_trainer_commit_and_goes_on_to_the_same_end()
    {
        using var restem = new Restem();
        using (Process run = restem.Start([], [.. SmallRun.Smallest.Arguments, .. ByTrainJob()]))
        {
            Task<string> output = run.StandardOutput.ReadToEndAsync();
            while (await run.StandardError.ReadLineAsync() is { } line && !line.Contains("1/2 m-step", StringComparison.Ordinal))
            {
            }

            string trainer = restem.PathOf("runs", "quickstart-math", "iterations", "001", "trainer", "trainer.pid");
            while (!File.Exists(trainer) && !run.HasExited)
            {
                await Task.Delay(10);
            }

            using Process terminate = Process.Start("kill", ["-TERM", $"{run.Id}"]);
            await run.StandardError.ReadToEndAsync();
            await run.WaitForExitAsync();
            await output;
            Assert.Equal(130, run.ExitCode);
        }

        Assert.Equal(SmallRun.Smallest.Whole, SmallRun.Smallest.Finish(restem, [], ByTrainJob()));
    }

    [Theory]
    [InlineData("m_step.trainer.command is empty, expected a program and its arguments.", "m_step.trainer={name: command}")]
    [InlineData("engine.train is managed with m_step.trainer, expected one of them.", "m_step.trainer={name: command, command: [x]}", "engine.train=managed")]
    [InlineData("m_step.objective.sftmix is given with m_step.trainer, expected none", "m_step.trainer={name: command, command: [x]}", "m_step.objective={sftmix: {}}")]
    [InlineData("m_step.objective.kind is soft_targets with m_step.trainer, expected nll", "m_step.trainer={name: command, command: [x]}", "m_step.objective=soft_targets", "m_step.data=solutions")]
    [InlineData("m_step.objective.mean_over is sequences with m_step.trainer, expected tokens", "m_step.trainer={name: command, command: [x]}", "m_step.objective={mean_over: sequences}")]
    [InlineData("m_step.label_smoothing is given, expected none: the trainer plain 1 does not honour label_smoothing (it honours nothing beyond weights).", "m_step.trainer={name: command, command: [bash, -c, 'echo \"$0\" >/dev/null; cat plain.json']}", "m_step.label_smoothing=0.1")]
    [InlineData("m_step.trainer (false) ended with 1, expected 0", "m_step.trainer={name: command, command: ['false']}")]
    public void What_cannot_be_trained_so_is_bad_configuration(string message, params string[] settings)
    {
        using var restem = new Restem();
        File.WriteAllText(
            restem.PathOf("plain.json"),
            "{\"contract\": 1, \"name\": \"plain\", \"version\": \"1\", \"dtype\": \"float32\", \"device\": \"cpu\", \"shapes\": \"\", \"deterministic\": true, \"honours\": []}\n");
        var (exitCode, _, errors) = restem.Run([], [.. SmallRun.Smallest.Arguments, .. settings.SelectMany(setting => new[] { "--set", setting })]);
        Assert.Equal(2, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    private static string[] ByTrainJob(params string[] more) =>
        ["--set", $"m_step.trainer={{name: command, command: [{string.Join(", ", [Restem.Program, "train-job", .. more])}]}}"];
}
