using System.Globalization;

namespace ReSTEM.Core;

/// <summary>
/// What every draw of a run asks for: the one place that says which problems, how many samples, how drawn and with which random
/// numbers. The loop draws by it, and a sample is drawn again by it.
/// </summary>
public static class DrawPlans
{
    /// <summary>The samples that an iteration's E-step chooses from.</summary>
    public static DrawPlan EStep(LoopOptions options, IReadOnlyList<Problem> problems, int iteration) => new(
        DrawId.EStep(iteration), problems, options.EStep.Samples, options.EStep.Sampling, RandomStream.Of(options.Seed, RandomPurpose.EStep));

    /// <summary>The validation of a candidate. Every epoch has the same random numbers, so that epochs differ in their weights alone.</summary>
    public static DrawPlan Validation(ulong seed, IReadOnlyList<Problem> problems, ValidationOptions options, int iteration, int epoch) => new(
        DrawId.Validation(iteration, epoch), problems, options.Samples, options.Sampling, RandomStream.Of(seed, RandomPurpose.Validation));

    /// <summary>The sampled evaluation of an iteration's policy.</summary>
    public static DrawPlan Sampled(ulong seed, EvaluationSet set, int iteration) => new(
        DrawId.Sampled(iteration, set.Name), set.Problems, set.Options.Samples, set.Options.Sampling, RandomStream.Of(seed, RandomPurpose.Evaluation));

    /// <summary>The greedy evaluation of an iteration's policy.</summary>
    public static DrawPlan Greedy(ulong seed, EvaluationSet set, int iteration) => new(
        DrawId.Greedy(iteration, set.Name), set.Problems, 1, set.Options.Sampling with { Temperature = 0 }, RandomStream.Of(seed, RandomPurpose.Evaluation));

    /// <summary>The last policy on the training problems.</summary>
    public static DrawPlan TrainGap(LoopOptions options, IReadOnlyList<Problem> problems, int iteration) => new(
        DrawId.TrainGap(iteration), problems, options.TrainGapSamples, options.EStep.Sampling, RandomStream.Of(options.Seed, RandomPurpose.TrainGap));

    /// <summary>The plan of a draw that is in the ledger.</summary>
    /// <param name="options">Of the run.</param>
    /// <param name="problems">Of the run.</param>
    /// <param name="draw">Names it.</param>
    /// <exception cref="ArgumentException">A run of these options has no such draw.</exception>
    public static DrawPlan Of(LoopOptions options, RunProblems problems, DrawId draw)
    {
        DrawPlan[] fixedOnes = [EStep(options, problems.Train, draw.Iteration), TrainGap(options, problems.Train, draw.Iteration)];
        var evaluations = problems.Evaluations.SelectMany(set => new[] { Sampled(options.Seed, set, draw.Iteration), Greedy(options.Seed, set, draw.Iteration) });
        var validations = Epoch(draw) is { } epoch ? [Validation(options.Seed, problems.Validation, options.Validation, draw.Iteration, epoch)] : (DrawPlan[])[];
        return fixedOnes.Concat(evaluations).Concat(validations).FirstOrDefault(plan => plan.Draw == draw)
            ?? throw new ArgumentException($"the draw is {draw.Name} of iteration {draw.Iteration}, expected one of the run's configuration.", nameof(draw));
    }

    /// <summary>The epoch whose candidate a draw validates; null for every other draw.</summary>
    public static int? Epoch(DrawId draw)
    {
        string prefix = DrawId.Validation(0, 0).Name[..^1];
        return draw.Name.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(draw.Name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) ? epoch : null;
    }
}
