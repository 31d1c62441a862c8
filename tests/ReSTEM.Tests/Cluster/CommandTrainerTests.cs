using System.Diagnostics;
using ReSTEM.Cluster;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary><c>restem train-job</c> behind the contract: what the engine gives in the process itself, bit for bit, or a refusal.</summary>
public sealed class CommandTrainerTests : IDisposable
{
    private static readonly string Restem = Path.Combine(AppContext.BaseDirectory, "restem");

    private readonly TrainerJobs _jobs = new();
    private readonly ManagedEngine _engine = new(new EngineOptions { Threads = 1 });

    public void Dispose() => _jobs.Dispose();

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0.1, 0, false)]
    [InlineData(0, 4, true)]
    public async Task Another_process_trains_to_the_bits_of_this_one(double smoothing, int rank, bool shuffle)
    {
        TrainingJob Job(string name) => _jobs.Job(name, options => options with { WarmUpRatio = 0.3 }) with
        {
            Loss = TrainingLoss.WeightedNll with { LabelSmoothing = smoothing },
            Adapter = rank == 0 ? null : new AdapterJob(new AdapterOptions { Rank = rank }, RandomStream.Of(5, RandomPurpose.Adapter)),
            Shuffle = shuffle,
        };
        var (expectedSteps, steps) = (new List<TrainingStep>(), new List<TrainingStep>());
        TrainingResult expected = await TrainerJobs.RunAsync(Job("inside"), expectedSteps.Add);
        TrainingResult actual = await RunAsync(Job("outside"), steps.Add);
        Assert.Equal(expectedSteps, steps);
        Assert.Equal(9, steps.Count);
        Assert.Equal(expected with { Measures = [] }, actual with { Measures = [] });
        Assert.False(Directory.Exists(Job("outside").StateFolder));
        Assert.Equal(expectedSteps, await StepsOf(Job("outside"))); // asked for again, it answers from its record
    }

    [Fact]
    public async Task Epochs_are_measured_as_the_engine_has_them_and_the_best_is_kept()
    {
        double[] measures = [0.2, 0.5, 0.5, 0.1, 0.9];
        TrainingJob Job(string name, List<string> seen) => _jobs.Job(name) with
        {
            Epochs = 5,
            Patience = 2,
            Validate = (candidate, _) =>
            {
                using IPolicy policy = candidate.Open();
                seen.Add($"{candidate.Epoch} {candidate.Step} {policy.Fingerprint}");
                return Task.FromResult(measures[candidate.Epoch - 1]);
            },
        };
        var (expectedSeen, seen) = (new List<string>(), new List<string>());
        TrainingResult expected = await TrainerJobs.RunAsync(Job("inside", expectedSeen));
        TrainingResult actual = await RunAsync(Job("outside", seen));
        Assert.Equal(expectedSeen, seen);
        Assert.Equal((2, 12, 4), (actual.ChosenEpoch, actual.Steps, actual.Measures.Count));
        Assert.Equal(expected.WeightsSha256, actual.WeightsSha256);
        Assert.Equal(expected.Measures, actual.Measures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopped_or_killed_it_goes_on_to_the_same_bits(bool isKilled)
    {
        TrainingJob Job(string name) => _jobs.Job(name, options => options with { Speed = new TrainingSpeed { CommitSeconds = isKilled ? 0 : 60 } }) with { Epochs = 60 };
        var expectedSteps = new List<TrainingStep>();
        TrainingResult expected = await TrainerJobs.RunAsync(Job("inside"), expectedSteps.Add);
        TrainingJob job = Job("outside");
        using var stop = new CancellationTokenSource();
        Exception? fault = await Record.ExceptionAsync(() => RunAsync(job, step =>
        {
            if (step.Step == 40)
            {
                if (isKilled)
                {
                    using Process trainer = Process.GetProcessById(int.Parse(File.ReadAllText(Path.Combine(job.StateFolder, "trainer.pid")).Split(' ')[0], null));
                    trainer.Kill();
                }
                else
                {
                    stop.Cancel();
                }
            }
        }, token: stop.Token));
        Assert.True(isKilled ? fault is EngineException { Message: var message } && message.Contains("ended with 137", StringComparison.Ordinal) : fault is OperationCanceledException, $"{fault}");
        Assert.True(File.Exists(Path.Combine(job.StateFolder, "state", "state.bin")) || File.Exists(Path.Combine(job.StateFolder, "epoch-060", "policy", "result.json")));
        var steps = new List<TrainingStep>();
        TrainingResult actual = await RunAsync(job, steps.Add);
        Assert.Equal(expectedSteps, steps);
        Assert.Equal(expected.WeightsSha256, actual.WeightsSha256);
    }

    [Fact]
    public async Task A_trainer_that_a_killed_run_left_behind_is_ended_first()
    {
        using Process left = Process.Start("setsid", ["sleep", "1000"]);
        try
        {
            TrainingJob job = _jobs.Job();
            Directory.CreateDirectory(job.StateFolder);
            new TrainerClaim(Path.Combine(job.StateFolder, "trainer.pid")).Write(left.Id);
            await RunAsync(job);
            Assert.True(left.HasExited);
        }
        finally
        {
            left.Kill();
        }
    }

    [Theory]
    [InlineData("s/\"id\": \"./\"id\": \"x/", "result.json is refused: id is x")]
    [InlineData("s/\"base_sha256\": \"..../\"base_sha256\": \"beef/", "result.json is refused: base_sha256 is beef")]
    [InlineData("s/\"epoch\": 3,$/\"epoch\": 2,/", "result.json is refused: epoch is 2, expected 3.")]
    [InlineData("s/\"model.safetensors\": \".../\"model.safetensors\": \"000/", "result.json is refused: files: model.safetensors is ")]
    [InlineData("s/\"step\": 7,/\"step\": 8,/", "result.json is refused: steps[6].step is 8, expected 7.")]
    [InlineData("s/\"tokens\": [0-9]*/\"tokens\": 1/", "result.json is refused: tokens of all steps is 9, expected ")]
    [InlineData("s/\"loss\": [0-9.]*/\"loss\": 0.5/", "result.json is refused: step 1 has loss 0.5, expected ")]
    [InlineData("/\"config.json\"/d", "files has no config.json, expected all files of the model.")]
    [InlineData("s/\"steps\"/\"stops\"/", "is not the result of a training job")]
    public async Task A_result_that_does_not_fit_is_refused(string edit, string message)
    {
        TrainingJob job = _jobs.Job();
        string script = $"'{Restem}' train-job \"$0\" && sed -i '{edit}' \"$(dirname \"$0\")/policy/result.json\"";
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RunAsync(job, command: ["bash", "-c", script]));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(job.OutputFolder));
    }

    [Fact]
    public async Task A_model_of_another_shape_is_refused()
    {
        using var other = new TrainerJobs(DecoderFamilies.Qwen2);
        TrainingJob job = other.Job();
        string script = $"'{Restem}' train-job \"$0\" && cd \"$(dirname \"$0\")/policy\" && old=$(sha256sum model.safetensors | cut -c-64) && cp '{_jobs.Base}/model.safetensors' . && sed -i \"s/$old/$(sha256sum model.safetensors | cut -c-64)/\" result.json";
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => RunAsync(job, command: ["bash", "-c", script]));
        Assert.Contains("q_proj.bias", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-program-of-this-test", "ended with 127")]
    [InlineData("bash -c echo\tout\tof\tmemory>&2;exit\t3", "ended with 3, expected 0: out of memory")]
    [InlineData("bash -c echo\t[0]:error:\tthe\tcause>&2;echo\tlater>&2;exit\t3", "ended with 3, expected 0: the cause")]
    [InlineData("true", "result.json is missing, expected the result of a training job.")]
    [InlineData("bash -c echo\t{\"step\":1}x", "of m_step.trainer is not a training step")]
    public async Task A_program_that_fails_is_told_in_one_line(string words, string message)
    {
        string[] command = [.. words.Split(' ').Select(word => word.Replace('\t', ' '))];
        Exception fault = (await Record.ExceptionAsync(() => RunAsync(_jobs.Job(), command: command)))!;
        Assert.True(fault is EngineException or InvalidDataException, $"{fault}");
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task Train_job_refuses_altered_data_another_base_and_what_it_does_not_know()
    {
        TrainingJob job = _jobs.Job();
        await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(job, command: ["false"]));
        string path = Path.Combine(job.StateFolder, "epoch-003", "job.json"), data = Path.Combine(job.StateFolder, "data.jsonl");
        JobFile file = JobFile.Read(path);
        await RefusedAsync(file with { Contract = 2 }, "contract is 2, expected 1");
        await RefusedAsync(file with { Requires = ["adapter", "telepathy"] }, "expected no telepathy: the engine managed does not honour it");
        await RefusedAsync(file with { Base = file.Base with { Sha256 = "00" } }, "base.sha256 is 00, expected ");
        await RefusedAsync(file with { Data = file.Data with { Sequences = 12 } }, "11 lines, expected 12");
        File.AppendAllText(data, " ");
        await RefusedAsync(file, "data.jsonl: SHA-256 is ");

        async Task RefusedAsync(JobFile wrong, string message)
        {
            wrong.Write(path);
            Exception fault = (await Record.ExceptionAsync(() => JobRunner.RunAsync(path, _engine, _ => { }, CancellationToken.None)))!;
            Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_trainer_works_on_a_job_at_a_time()
    {
        TrainingJob job = _jobs.Job();
        await Assert.ThrowsAnyAsync<Exception>(() => RunAsync(job, command: ["false"]));
        using var held = new FileStream(Path.Combine(job.StateFolder, "state.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var fault = await Assert.ThrowsAsync<EngineException>(() => RunAsync(job));
        Assert.Contains("state.lock is held by another process, expected one trainer at a time", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trainer_says_what_it_is()
    {
        TrainerDescription said = await TrainerDescription.AskAsync(new TrainerCommand { Command = [Restem, "train-job"] }, CancellationToken.None);
        Assert.Equal(_engine.Fingerprint, said.Fingerprint);
        Assert.Equal(["label_smoothing", "adapter"], said.Honours);
        var fault = await Assert.ThrowsAsync<EngineException>(() => TrainerDescription.AskAsync(new TrainerCommand { Command = ["echo"] }, CancellationToken.None));
        Assert.Contains("is not the description of a trainer", fault.Message, StringComparison.Ordinal);
    }

    private async Task<List<TrainingStep>> StepsOf(TrainingJob job)
    {
        var steps = new List<TrainingStep>();
        await RunAsync(job, steps.Add, command: ["false"]);
        return steps;
    }

    private async Task<TrainingResult> RunAsync(TrainingJob job, Action<TrainingStep>? onStep = null, IReadOnlyList<string>? command = null, CancellationToken token = default) =>
        await new CommandTrainer(
            new TrainerCommand { Command = command ?? [Restem, "train-job", "--threads", "1"] }, TrainerDescription.Of(_engine), _engine.Open)
            .TrainAsync(job, onStep ?? (_ => { }), token);
}
