using ReSTEM.Core;
using ReSTEM.Pretraining;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>A classifier that is trained, and what it predicts of the test problems.</summary>
/// <param name="Sha256">Of its weights.</param>
/// <param name="Predictions">In the order of the test problems.</param>
internal sealed record TrainedClassifier(string Sha256, IReadOnlyList<LabelPrediction> Predictions);

/// <summary>Trains and measures the classifiers of a comparison, each in a run folder of its own as <c>restem train</c> makes it.</summary>
internal sealed class ClassifierTraining
{
    private const string PredictionsName = "predictions.jsonl";

    private readonly CompareDataPlan _plan;
    private readonly LoadWatch _watch;
    private readonly IEngine _engine;
    private readonly PromptOptions _prompt;
    private readonly IReadOnlyList<Problem> _test;

    /// <param name="plan">What is trained.</param>
    /// <param name="watch">Watches problems being read.</param>
    /// <exception cref="UsageException">The base cannot be used.</exception>
    /// <exception cref="InvalidDataException">Test problems do not fit the base, and may not be left out.</exception>
    internal ClassifierTraining(CompareDataPlan plan, LoadWatch watch)
    {
        (_plan, _watch) = (plan, watch);
        _engine = EngineWiring.Create(plan.Train.Engine, trains: true).Engine;
        _prompt = plan.Train.Prompt.Read(plan.TrainHome);
        if (!_engine.Capabilities.LogProbabilities)
        {
            throw new UsageException($"engine.name of {plan.Config.Train} is {_engine.Fingerprint.Name}, expected an engine that scores given tokens: that one does not.");
        }

        var (start, model) = Given.Model(_engine, "base", plan.BaseFolder);
        (BaseSha256, _test) = (start.Sha256, Fitting(plan, new LabelEncoder(model, _prompt, isUntrained: false)));
    }

    /// <summary>Of the weights that every training starts from.</summary>
    internal string BaseSha256 { get; }

    /// <summary>One training from where it stands to its end, and what its model predicts.</summary>
    /// <param name="name">Of the data set.</param>
    /// <param name="seed">Of the training.</param>
    /// <param name="cancellationToken">Looked at between steps.</param>
    /// <exception cref="InvalidDataException">The training was started with other settings or texts, or texts do not fit the model.</exception>
    internal async Task<TrainedClassifier> TrainAsync(string name, int seed, CancellationToken cancellationToken)
    {
        TrainConfig config = _plan.TrainingOf(name, seed);
        var problems = ProblemSet.Load("train", config.Stages[0].Problems!.Under(_plan.TrainHome), (ulong)seed, _watch).Problems;
        var training = new StagedTraining(new TrainPlan(config, _plan.TrainHome, [problems]), _engine);
        using var folder = RunFolder.Open(_plan.FolderOf(name, seed), training.Identity, _plan.ResolvedTraining(name, seed));
        PolicyRef model;
        using (var progress = ProgressOutput.Create())
        {
            model = await training.RunAsync(folder, progress.Progress, cancellationToken);
        }

        string key = training.Identity.With("predicted weights", model.Sha256).With("predicted problems", _test).Digest;
        var file = new PredictionFile(Path.Combine(folder.Path, PredictionsName), key);
        IReadOnlyList<LabelPrediction>? predictions = file.Read(_test);
        if (predictions is null)
        {
            predictions = Predict(model, cancellationToken);
            file.Write(predictions);
        }

        return new TrainedClassifier(model.Sha256, predictions);
    }

    private LabelPrediction[] Predict(PolicyRef model, CancellationToken cancellationToken)
    {
        using IPolicy policy = _engine.Open(model);
        var encoder = new LabelEncoder(_engine.Describe(model), _prompt, isUntrained: false);
        return [.. new LabelScorer(policy, encoder).Predict(_test, cancellationToken)];
    }

    /// <summary>The test problems that fit the model with all their labels; the others are left out where the training leaves such texts out.</summary>
    private static IReadOnlyList<Problem> Fitting(CompareDataPlan plan, LabelEncoder encoder)
    {
        Problem[] fitting = [.. plan.Test.Where(problem => encoder.Fits(encoder.Of(problem)))];
        if (fitting.Length == plan.Test.Count)
        {
            return plan.Test;
        }

        string what = $"{plan.Test.Count - fitting.Length} of {plan.Test.Count} test problems are longer than the model's context with their longest label";
        if (plan.Train.Stages[0].OnLongPrompt is not LongPrompt.Skip || fitting.Length == 0)
        {
            throw new InvalidDataException(
                $"{what}, expected {(fitting.Length == 0 ? "some" : "all")} to fit; leave them out (on_long_prompt: skip in {plan.Config.Train}) or take another base.");
        }

        Console.Error.WriteLine($"{what}, and are left out");
        return fitting;
    }
}
