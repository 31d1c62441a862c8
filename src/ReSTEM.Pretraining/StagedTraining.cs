using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Runs;

namespace ReSTEM.Pretraining;

/// <summary>Trains one model by itself in stages, each resumable; stage i stands in the ledger as iteration i.</summary>
/// <param name="config">What to train.</param>
/// <param name="home">Folder that relative paths of the configuration begin at.</param>
/// <param name="engine">Trains.</param>
public sealed class StagedTraining(TrainConfig config, string home, IEngine engine)
{
    /// <summary>Name of a stage's phase.</summary>
    public const string Phase = "train";

    private readonly ChatOptions? _chat = config.Prompt.Chat(home);

    private readonly IReadOnlyList<Problem>[] _problems =
    [
        .. config.Stages.Select(stage => stage.Problems is { } source
            ? ProblemSet.Load("train", source.Under(home), (ulong)config.Seed).Problems
            : []),
    ];

    /// <summary>What must stay the same for the training to go on.</summary>
    public RunIdentity Identity
    {
        get
        {
            var identity = RunIdentity.Empty.With("", Settings.ThatChangeResults(config)).With(engine.Fingerprint);
            if (config.Base.Length > 0)
            {
                PolicyRef start = engine.Resolve(Path.Combine(home, config.Base));
                ModelInfo model = engine.Describe(start);
                identity = identity.With("base", start, model);
                identity = _chat is null ? identity : identity.With("prompt.chat_template", _chat.DigestFor(model));
            }
            else if (_chat?.Template is { } template)
            {
                identity = identity.With("prompt.chat_template", template.Text);
            }

            for (int stage = 0; stage < _problems.Length; stage++)
            {
                identity = identity.With($"problems stages.{stage}", _problems[stage]);
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
            var clock = new PhaseClock(folder.Ledger.Phases, progress, config.Stages.Count, TimeProvider.System);
            PolicyRef current = engine.Resolve(config.Base.Length > 0 ? Path.Combine(home, config.Base) : InitialModel.Make(config, folder.Path));
            for (int stage = 1; stage <= config.Stages.Count; stage++)
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
            TrainStage stage = config.Stages[number - 1];
            var sequences = new StageSequences(engine.Describe(from), new PromptOptions { Template = config.Prompt.Template, Chat = _chat });
            using ITrainingSet set = ledger.Training.Stage(
                number, stage.Corpus is { } corpus ? sequences.Of(corpus) : sequences.Of(_problems[number - 1]));
            long steps = (set.Count + stage.Optimizer.BatchSequences - 1) / stage.Optimizer.BatchSequences * (long)stage.Epochs;
            await clock.RunAsync(number, Phase, "steps", steps, async () =>
            {
                var recorder = new StepRecorder(ledger.Training, clock, number, TimeProvider.System);
                var result = await recorder.WatchAsync(watch => engine.Trainer.TrainAsync(Job(number, from, set, ledger.Paths), watch, cancellationToken));
                ledger.Training.Write(number, result);
                return FormattableString.Invariant($"{result.Steps:N0} steps, {result.Tokens:N0} tokens, loss {result.FinalLoss:F3}");
            });
        }

        return new PolicyRef(ledger.Paths.Policy(number), ledger.Training.Read(number)!.WeightsSha256);
    }

    private TrainingJob Job(int number, PolicyRef from, ITrainingSet sequences, RunPaths paths)
    {
        TrainStage stage = config.Stages[number - 1];
        return new TrainingJob
        {
            Base = from,
            OutputFolder = paths.Policy(number),
            StateFolder = paths.Trainer(number),
            Sequences = sequences,
            Optimizer = stage.Optimizer,
            CommitInterval = TimeSpan.FromSeconds(stage.Optimizer.Speed.CommitSeconds),
            Epochs = stage.Epochs,
            Shuffle = stage.Shuffle,
            Random = RandomStream.Of((ulong)config.Seed, RandomPurpose.BatchOrder).At(number, "", 0),
        };
    }
}
