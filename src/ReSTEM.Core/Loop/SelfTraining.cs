using System.Globalization;

namespace ReSTEM.Core;

/// <summary>The ReST-EM loop: E-step and M-step in turn, each resumable from the ledger.</summary>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, algorithm 1.</remarks>
public sealed class SelfTraining(
    LoopOptions options, RunProblems problems, IPolicyLoader loader, ITrainer trainer, IVerifier verifier, IRunLedger ledger,
    ILoopProgress progress, TimeProvider time)
{
    /// <summary>The completed mark of the whole run, on iteration 0.</summary>
    public const string RunPhase = "run";

    private readonly PhaseClock _clock = new(ledger, progress, options.Iterations, time);

    private Drawing Drawing => new(verifier, ledger, _clock.Advance, options);

    private Evaluation Evaluation => new(verifier, ledger, options.Seed);

    /// <summary>Runs what is left of the run. Safe to call again after any interruption.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var policies = new PolicyShelf(loader, ledger, options.BaseFolder);
        var eStep = new EStep(options, problems, ledger, Drawing, _clock);
        var mStep = new MStep(
            options, problems, trainer, ledger, new Drawing(verifier, ledger, _clock.AdvanceInside, options), _clock);
        await EvaluateAsync(policies, 0, EvaluateAt.Every, cancellationToken);
        await EvaluateAsync(policies, 0, EvaluateAt.Ends, cancellationToken);
        await ValidateBaseAsync(policies, cancellationToken);
        for (int iteration = 1; iteration <= options.Iterations; iteration++)
        {
            await eStep.RunAsync(policies, loader, iteration, cancellationToken);
            await mStep.RunAsync(policies, iteration, cancellationToken);
            await EvaluateAsync(policies, iteration, EvaluateAt.Every, cancellationToken);
        }

        await MeasureTrainGapAsync(policies, cancellationToken);
        await EvaluateAsync(policies, BestIteration.Of(ledger, options.Iterations), EvaluateAt.Ends, cancellationToken);
        ledger.Complete(0, RunPhase);
    }

    private async Task EvaluateAsync(PolicyShelf policies, int iteration, EvaluateAt at, CancellationToken cancellationToken)
    {
        foreach (EvaluationSet set in problems.Evaluations.Where(set => set.Options.At == at))
        {
            await Evaluation.RunAsync(Drawing, () => policies.Get(iteration), set, iteration, _clock, cancellationToken);
        }
    }

    private async Task ValidateBaseAsync(PolicyShelf policies, CancellationToken cancellationToken)
    {
        if (problems.Validation.Count == 0)
        {
            return;
        }

        int total = problems.Validation.Count * options.Validation.Samples;
        await _clock.RunAsync(0, "validate", "samples", total, async () =>
        {
            double reward = await new ValidationReward(options, problems, Drawing).MeasureAsync(policies.Get(0), 0, 0, cancellationToken);
            ledger.WriteMeasure(0, BestIteration.Measure, new Estimate(reward, reward, reward));
            return string.Create(CultureInfo.InvariantCulture, $"reward {reward:P1}");
        });
    }

    private async Task MeasureTrainGapAsync(PolicyShelf policies, CancellationToken cancellationToken)
    {
        if (options.TrainGapSamples == 0)
        {
            return;
        }

        int iteration = options.Iterations;
        await _clock.RunAsync(iteration, "train gap", "samples", problems.Train.Count * options.TrainGapSamples, async () =>
        {
            var plan = new DrawPlan(
                DrawKey.TrainGap(iteration), problems.Train, options.TrainGapSamples, options.EStep.Sampling,
                RandomStream.Of(options.Seed, RandomPurpose.EStep), ForBase: iteration == 0);
            var samples = await Drawing.DrawAsync(policies.Get(iteration), plan, cancellationToken);
            var rewards = TrainReward.Of(problems.Train, samples, options.Seed).ToList();
            rewards.ForEach(reward => ledger.WriteMeasure(iteration, reward.Name, reward.Value));
            return string.Create(CultureInfo.InvariantCulture, $"pass@1 {rewards[0].Value.Value:P1}");
        });
    }
}
