using System.Globalization;

namespace ReSTEM.Core;

/// <summary>The ReST-EM loop: E-step and M-step in turn, each resumable from the ledger.</summary>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, algorithm 1.</remarks>
public sealed class SelfTraining(
    LoopOptions options, RunProblems problems, IEngine engine, IVerifier verifier, IRunLedger ledger, ILoopProgress progress,
    TimeProvider time)
{
    /// <summary>The completed mark of the whole run, on iteration 0.</summary>
    public const string RunPhase = "run";

    /// <summary>Name of the phase that measures the last policy on the training problems.</summary>
    public const string TrainGapPhase = "train gap";

    private readonly VerdictCache _verdicts = VerdictCache.ForRun();
    private readonly PolicyLine _line = new(ledger.Measures, options.Iterations);
    private readonly PhaseClock _clock = new(ledger.Phases, progress, options.Iterations, time);

    /// <summary>Draws elsewhere what lies on disk; null where all is drawn here. Candidates of a training are drawn here.</summary>
    public IDrawExecutor? Executor { get; init; }

    private Evaluation Evaluation => new(verifier, ledger.Samples, ledger.Measures, options.Seed);

    /// <summary>Runs what is left of the run. Safe to call again after any interruption.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var policies = new PolicyShelf(engine, ledger, options.Base, options.MStep.Adapter);
        var objective = Objectives.Of(options.EStep, options.MStep);
        var drawing = Drawing(_clock);
        var eStep = new EStep(options, problems.Train, objective, ledger, drawing, _clock);
        var mStep = new MStep(options, problems, objective, engine.Trainer, ledger, Drawing(_clock.ForValidation), _clock, time);
        await EvaluateAsync(policies, drawing, 0, EvaluateAt.Every, cancellationToken);
        await EvaluateAsync(policies, drawing, 0, EvaluateAt.Ends, cancellationToken);
        await ValidateBaseAsync(policies, drawing, cancellationToken);
        for (int iteration = 1; iteration <= _line.Last; iteration++)
        {
            await eStep.RunAsync(policies, iteration, cancellationToken);
            await mStep.RunAsync(policies, iteration, cancellationToken);
            await EvaluateAsync(policies, drawing, iteration, EvaluateAt.Every, cancellationToken);
        }

        await MeasureTrainGapAsync(policies, drawing, cancellationToken);
        await EvaluateAsync(policies, drawing, BestIteration.Of(ledger.Measures, _line.Last), EvaluateAt.Ends, cancellationToken);
        ledger.Phases.Complete(0, RunPhase);
    }

    private Drawing Drawing(IPhaseClock clock) => new(verifier, ledger.Samples, clock, options.Drawing, _verdicts, Executor);

    private async Task EvaluateAsync(
        PolicyShelf policies, Drawing drawing, int iteration, EvaluateAt at, CancellationToken cancellationToken)
    {
        foreach (EvaluationSet set in problems.Evaluations.Where(set => set.Options.At == at))
        {
            await Evaluation.RunAsync(drawing, () => policies.Get(iteration), set, iteration, _clock, cancellationToken);
        }
    }

    private async Task ValidateBaseAsync(PolicyShelf policies, Drawing drawing, CancellationToken cancellationToken)
    {
        if (problems.Validation.Count == 0)
        {
            return;
        }

        int total = problems.Validation.Count * options.Validation.Samples;
        await _clock.RunAsync(0, "validate", "samples", total, async () =>
        {
            var validation = new ValidationReward(problems.Validation, options.Validation, options.Seed, ledger.Samples, drawing);
            double reward = await validation.MeasureAsync(policies.Get(0), 0, 0, cancellationToken);
            ledger.Measures.Write(0, Measure.ValidationReward, reward);
            return string.Create(CultureInfo.InvariantCulture, $"reward {reward:P1}");
        });
    }

    private async Task MeasureTrainGapAsync(PolicyShelf policies, Drawing drawing, CancellationToken cancellationToken)
    {
        if (options.TrainGapSamples == 0)
        {
            return;
        }

        int iteration = _line.Last;
        await _clock.RunAsync(iteration, TrainGapPhase, "samples", problems.Train.Count * options.TrainGapSamples, async () =>
        {
            DrawPlan plan = DrawPlans.TrainGap(options, problems.Train, iteration);
            await drawing.DrawAsync(policies.Get(iteration), plan, cancellationToken);
            Estimate reward = await RecordTrainGapAsync(options, problems.Train, iteration, ledger, cancellationToken);
            return string.Create(CultureInfo.InvariantCulture, $"pass@1 {reward.Value:P1}");
        });
    }

    /// <summary>Records how the last policy does on the training problems, of its samples in the ledger.</summary>
    internal static async Task<Estimate> RecordTrainGapAsync(
        LoopOptions options, IReadOnlyList<Problem> train, int iteration, IRunLedger ledger, CancellationToken cancellationToken)
    {
        var reward = new TrainReward(options.Seed);
        await foreach (ProblemSamples problem in ledger.Samples.ByProblemAsync(DrawId.TrainGap(iteration), train, cancellationToken))
        {
            reward.Add(problem);
        }

        var measures = reward.Measures().ToList();
        measures.ForEach(measure => ledger.Measures.Write(iteration, measure.Measure, measure.Value));
        return measures[0].Value;
    }
}
