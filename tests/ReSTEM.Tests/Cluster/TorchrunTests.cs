using System.Diagnostics;
using System.Text.Json;
using ReSTEM.Cluster;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>trainers/torchrun on two processes, against the engine's own trainer.</summary>
public sealed class TorchrunTests
{
    private const double Tolerance = 1e-3;

    private static readonly string Program = Path.Combine(SharedData.RepositoryRoot, "trainers", "torchrun", "train.py");

    [TorchFact]
    public async Task Its_loss_curve_over_50_steps_is_ours()
    {
        using var jobs = new TrainerJobs(DecoderFamilies.Find("qwen2"), tied: false);
        TrainingJob Job(string name) => Longer(jobs.Job(name, options => options with { Speed = new TrainingSpeed { MicroBatchTokens = 20 } }), smoothing: 0.1);
        var (expected, steps) = (new List<TrainingStep>(), new List<TrainingStep>());
        await TrainerJobs.RunAsync(Job("ours"), expected.Add);
        TrainingResult result = await RunAsync(Job("torch"), steps.Add);
        AssertClose(expected, steps);
        using IPolicy policy = Engine.Open(new PolicyRef(Job("torch").OutputFolder, result.WeightsSha256)); // it can be sampled
    }

    /// <summary>Another family, with tied embeddings, whole batches and without smoothing: each start of PyTorch takes many seconds.</summary>
    [TorchFact]
    public async Task Stopped_and_killed_it_goes_on_with_the_same_curve()
    {
        using var jobs = new TrainerJobs(DecoderFamilies.Find("llama"), tied: true);
        TrainingJob Job(string name) =>
            Longer(jobs.Job(name, options => options with { Speed = new TrainingSpeed { CommitSeconds = 0, MicroBatchTokens = 2048 } }), smoothing: 0);
        var (expected, steps) = (new List<TrainingStep>(), new List<TrainingStep>());
        await TrainerJobs.RunAsync(Job("ours"), expected.Add);
        TrainingJob job = Job("torch");
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(job, step => Do(step.Step == 15, stop.Cancel), Waiting(jobs, 15), stop.Token));
        Assert.True(File.Exists(Path.Combine(job.StateFolder, "state", "state.pt")));
        var fault = await Assert.ThrowsAsync<EngineException>(() => RunAsync(job, step => Do(step.Step == 40, () =>
        {
            string id = File.ReadAllText(Path.Combine(job.StateFolder, "trainer.pid")).Split(' ')[0];
            using Process kill = Process.Start("kill", ["-9", "--", $"-{id}"]); // torchrun and both of its processes
            kill.WaitForExit();
        }), Waiting(jobs, 40)));
        Assert.Contains("ended with 137", fault.Message, StringComparison.Ordinal);
        await RunAsync(job, steps.Add);
        AssertClose(expected, steps);

        static void Do(bool isTime, Action act)
        {
            if (isTime)
            {
                act();
            }
        }
    }

    [TorchFact]
    public async Task It_says_what_it_is_and_refuses_adapters()
    {
        TrainerDescription said = await TrainerDescription.AskAsync(Command, CancellationToken.None);
        Assert.Equal(("torchrun", "float32", "2 processes", false), (said.Name, said.Dtype, said.Shapes, said.Deterministic));
        Assert.Equal(["label_smoothing"], said.Honours);
        using var jobs = new TrainerJobs();
        var fault = await Assert.ThrowsAsync<EngineException>(() => RunAsync(
            jobs.Job() with { Adapter = new AdapterJob(new AdapterOptions { Rank = 4 }, RandomStream.Of(5, RandomPurpose.Adapter)) }, _ => { }));
        Assert.EndsWith("requires adapter, expected nothing but label_smoothing.", fault.Message, StringComparison.Ordinal);
    }

    private static ManagedEngine Engine { get; } = new(new EngineOptions { Threads = 1 });

    // The last two options are for PyTorch 1.13 on Python 3.11, whose defaults for them stop it.
    private static TrainerCommand Command { get; } = new()
    {
        Command = [TorchFactAttribute.Torchrun, "--standalone", "--nproc_per_node=2", "--redirects=2", "--tee=2", Program],
    };

    /// <summary>The same program, which waits after a step until it is told to stop or is killed: 51 steps may take less time than a signal.</summary>
    private static TrainerCommand Waiting(TrainerJobs jobs, int step)
    {
        string program = jobs.Base + ".py";
        File.WriteAllText(program, $"""
            import sys, time
            sys.dont_write_bytecode = True
            sys.path.insert(0, {JsonSerializer.Serialize(Path.GetDirectoryName(Program))})
            from train import Training, main

            run, step = Training.run, Training.step


            def run_known(self, stop):
                self.stop = stop
                run(self, stop)


            def step_late(self):
                while len(self.steps) == {step} and not self.stop:
                    time.sleep(0.01)
                step(self)


            Training.run, Training.step = run_known, step_late
            main(sys.argv[1:])
            """);
        return Command with { Command = [.. Command.Command.SkipLast(1), program] };
    }

    private static TrainingJob Longer(TrainingJob job, double smoothing) =>
        job with { Epochs = 17, Loss = TrainingLoss.WeightedNll with { LabelSmoothing = smoothing } };

    private static void AssertClose(List<TrainingStep> expected, List<TrainingStep> actual)
    {
        Assert.Equal(51, actual.Count);
        foreach (var (ours, theirs) in expected.Zip(actual))
        {
            Assert.Equal((ours.Step, ours.Epoch, ours.Tokens, ours.StepCount), (theirs.Step, theirs.Epoch, theirs.Tokens, theirs.StepCount));
            Assert.InRange(theirs.Loss, ours.Loss - Tolerance, ours.Loss + Tolerance);
            Assert.InRange(theirs.LearningRate, ours.LearningRate * (1 - 1e-12), ours.LearningRate * (1 + 1e-12));
            Assert.InRange(theirs.GradientNorm, ours.GradientNorm * 0.98, ours.GradientNorm * 1.02);
        }
    }

    private static async Task<TrainingResult> RunAsync(
        TrainingJob job, Action<TrainingStep> onStep, TrainerCommand? command = null, CancellationToken token = default) =>
        await new CommandTrainer(command ?? Command, TrainerDescription.Of(Engine), Engine.Open).TrainAsync(job, onStep, token);
}
