using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Runs;

namespace ReSTEM.Pretraining;

/// <summary>Trains one model by itself in stages, each resumable; stage i stands in the ledger as iteration i.</summary>
/// <param name="plan">What to train.</param>
/// <param name="engine">Trains.</param>
public sealed class StagedTraining(TrainPlan plan, IEngine engine)
{
    /// <summary>Name of a stage's phase.</summary>
    public const string Phase = "train";

    private readonly TrainConfig _config = plan.Config;
    private readonly ChatOptions? _chat = plan.Config.Prompt.Chat(plan.Home);

    /// <summary>What must stay the same for the training to go on.</summary>
    public RunIdentity Identity
    {
        get
        {
            var identity = RunIdentity.Empty.With("", Settings.ThatChangeResults(_config)).With(engine.Fingerprint);
            if (_config.Base.Length > 0)
            {
                PolicyRef start = engine.Resolve(Path.Combine(plan.Home, _config.Base));
                ModelInfo model = engine.Describe(start);
                identity = identity.With("base", start, model);
                identity = _chat is null ? identity : identity.With("prompt.chat_template", _chat.DigestFor(model));
            }
            else if (_chat?.Template is { } template)
            {
                identity = identity.With("prompt.chat_template", template.Text);
            }

            for (int stage = 0; stage < plan.Problems.Count; stage++)
            {
                identity = identity.With($"problems stages.{stage}", plan.Problems[stage]);
            }

            return identity;
        }
    }

    /// <summary>Trains what is left, and puts the result into the run's folder <c>model</c>.</summary>
    /// <returns>The trained model.</returns>
    public async Task<PolicyRef> RunAsync(RunFolder folder, ILoopProgress progress, CancellationToken cancellationToken)
    {
        string model = Path.Combine(folder.Path, "model");
        if (!Directory.Exists(model))
        {
            var clock = new PhaseClock(folder.Ledger.Phases, progress, _config.Stages.Count, TimeProvider.System);
            PolicyRef current = engine.Resolve(_config.Base.Length > 0 ? Path.Combine(plan.Home, _config.Base) : InitialModel.Make(_config, folder.Path));
            for (int stage = 1; stage <= _config.Stages.Count; stage++)
            {
                current = await TrainAsync(stage, current, folder.Ledger, clock, cancellationToken);
            }

            ModelFolder.Save(model, ModelFolder.Load(current.Folder), current.Folder);
        }

        return engine.Resolve(model);
    }

    private async Task<PolicyRef> TrainAsync(
        int number, PolicyRef from, IRunLedger ledger, PhaseClock clock, CancellationToken cancellationToken)
    {
        if (!ledger.Phases.IsComplete(number, Phase))
        {
            TrainStage stage = _config.Stages[number - 1];
            var sequences = new StageSequences(engine.Describe(from), new PromptOptions { Template = _config.Prompt.Template, Chat = _chat });
            using ITrainingSet set = ledger.Training.Stage(
                number, stage.Corpus is { } corpus ? sequences.Of(corpus) : sequences.Of(plan.Problems[number - 1], stage));
            if (sequences.LeftOut.Length > 0)
            {
                clock.Note($"stage {number}: {sequences.LeftOut}");
            }

            TrainingJob job = await JobAsync(number, from, set, ledger, clock, cancellationToken);
            long steps = (sequences.Examples + stage.Optimizer.BatchSequences - 1) / stage.Optimizer.BatchSequences * (long)stage.Epochs;
            await clock.RunAsync(number, Phase, "steps", steps, async () =>
            {
                var recorder = new StepRecorder(ledger.Training, clock, number, TimeProvider.System);
                var result = await recorder.WatchAsync(watch => engine.Trainer.TrainAsync(job, watch, cancellationToken));
                ledger.Training.Write(number, result);
                return FormattableString.Invariant($"{result.Steps:N0} steps, {result.Tokens:N0} tokens, loss {result.FinalLoss:F3}");
            });
        }

        return new PolicyRef(ledger.Paths.Policy(number), ledger.Training.Read(number)!.WeightsSha256);
    }

    /// <summary>A stage's training; where it mixes, the confidence is asked for first.</summary>
    private async Task<TrainingJob> JobAsync(
        int number, PolicyRef from, ITrainingSet sequences, IRunLedger ledger, PhaseClock clock, CancellationToken cancellationToken)
    {
        TrainingJob job = Job(number, from, sequences, ledger.Paths);
        if (_config.Stages[number - 1].Objective?.Mixup is not { } mixup)
        {
            return job;
        }

        var split = await new TrainingDynamics(ledger, clock).OfReferenceAsync(
            engine.Trainer, job, number, mixup.Checkpoints ?? job.Epochs, cancellationToken);
        return job with { Mixup = new MixupJob(mixup, split, RandomStream.Of((ulong)_config.Seed, RandomPurpose.Mixup).At(number, "", 0)) };
    }

    private TrainingJob Job(int number, PolicyRef from, ITrainingSet sequences, RunPaths paths)
    {
        TrainStage stage = _config.Stages[number - 1];
        return new TrainingJob
        {
            Base = from,
            OutputFolder = paths.Policy(number),
            StateFolder = paths.Trainer(number),
            Sequences = sequences,
            Loss = ObjectiveOptions.LossOf(stage.Objective, stage.LabelSmoothing),
            Optimizer = stage.Optimizer,
            CommitInterval = TimeSpan.FromSeconds(stage.Optimizer.Speed.CommitSeconds),
            Epochs = stage.Epochs,
            Shuffle = stage.Shuffle,
            Random = RandomStream.Of((ulong)_config.Seed, RandomPurpose.BatchOrder).At(number, "", 0),
        };
    }
}
