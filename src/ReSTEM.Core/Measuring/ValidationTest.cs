using System.Globalization;

namespace ReSTEM.Core;

/// <summary>A trained policy beside the best one before it, on the validation problems.</summary>
/// <param name="Against">The iteration of the policy that it is compared with; 0 is the base model.</param>
/// <param name="Difference">Its reward minus that one's, paired by problem.</param>
/// <param name="GoesOnFrom">The iteration whose policy the next E-step samples.</param>
/// <param name="Stops">Whether the run ends here.</param>
public sealed record ValidationDecision(int Against, PairedDifference Difference, int GoesOnFrom, bool Stops)
{
    /// <summary>What was decided after an iteration; null where nothing was.</summary>
    public static ValidationDecision? Read(IMeasureStore measures, int iteration)
    {
        var of = measures.Read(iteration);
        return !of.TryGetValue(Measure.ValidationDifference, out Estimate difference) ? null : new ValidationDecision(
            (int)of[Measure.ComparedWith].Value, new PairedDifference(difference.Value, difference.Low, difference.High, of[Measure.ValidationPValue].Value),
            (int)of[Measure.GoesOnFrom].Value, of[Measure.StopsHere].Value == 1);
    }

    /// <summary>What was found and what follows, in words.</summary>
    public string Describe(double level)
    {
        string against = Against == 0 ? "the base model" : string.Create(CultureInfo.InvariantCulture, $"iteration {Against}");
        string found = Difference.PValue >= level ? "not significantly different from" : Difference.Value > 0 ? "better than" : "worse than";
        string follows = Stops ? "; the run ends here" : GoesOnFrom == Against ? $"; the next E-step samples {against} again" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{found} {against} ({100 * Difference.Value:+0.0;-0.0;0.0} points, p {Difference.PValue:0.000}){follows}");
    }
}

/// <summary>Compares an iteration's policy with the best one before it by a test paired by problem, and decides by the run's rule.</summary>
/// <remarks>
/// The same problems, the same random numbers: the difference of each problem's mean reward, its p-value by <see cref="Bootstrap"/> over problems.
/// The rule follows "while reward improves" of Singh et al. 2023, arXiv:2312.06585, algorithm 1, where chance alone decides nothing.
/// </remarks>
/// <param name="problems">The validation problems; not empty.</param>
/// <param name="options">The rule.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="ledger">Has the samples of both.</param>
public sealed class ValidationTest(IReadOnlyList<Problem> problems, ValidationOptions options, ulong seed, IRunLedger ledger)
{
    /// <summary>Decides and records, where the options ask for it.</summary>
    /// <param name="iteration">Trained and validated; from 1.</param>
    /// <param name="epoch">The epoch whose weights it has.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>Null where nothing is to be decided.</returns>
    public async Task<ValidationDecision?> RecordAsync(int iteration, int epoch, CancellationToken cancellationToken)
    {
        if (!options.Decides || problems.Count == 0)
        {
            return null;
        }

        var decision = Decide(
            iteration, BestIteration.Of(ledger.Measures, iteration - 1),
            await RewardsAsync(BestIteration.Of(ledger.Measures, iteration - 1), null, cancellationToken), await RewardsAsync(iteration, epoch, cancellationToken));
        var difference = decision.Difference;
        ledger.Measures.Write(iteration, Measure.ValidationDifference, new Estimate(difference.Value, difference.Low, difference.High));
        ledger.Measures.Write(iteration, Measure.ValidationPValue, difference.PValue);
        ledger.Measures.Write(iteration, Measure.ComparedWith, decision.Against);
        ledger.Measures.Write(iteration, Measure.GoesOnFrom, decision.GoesOnFrom);
        ledger.Measures.Write(iteration, Measure.StopsHere, decision.Stops ? 1 : 0);
        return decision;
    }

    private ValidationDecision Decide(int iteration, int best, double[] before, double[] after)
    {
        var difference = Bootstrap.Difference(before, after, RandomStream.Of(seed, RandomPurpose.Bootstrap));
        bool isCertain = difference.PValue < options.Level;
        bool worse = isCertain && difference.Value < 0, better = isCertain && difference.Value > 0;
        bool stops = (worse && options.WhenWorse is WhenWorse.Stop) || (!better && options.WhenNotBetter is WhenNotBetter.Stop);
        return new ValidationDecision(best, difference, worse && options.WhenWorse is WhenWorse.RollBack ? best : iteration, stops);
    }

    /// <summary>Mean reward of each problem, in the order of the problems.</summary>
    private async Task<double[]> RewardsAsync(int iteration, int? epoch, CancellationToken cancellationToken)
    {
        var draw = DrawId.Validation(iteration, epoch ?? (iteration == 0 ? 0 : ledger.Training.Read(iteration)!.ChosenEpoch));
        var rewards = new List<double>(problems.Count);
        await foreach (ProblemSamples problem in ledger.Samples.ByProblemAsync(draw, problems, cancellationToken))
        {
            rewards.Add(problem.Samples.Average(sample => (double)sample.Reward));
        }

        return [.. rewards];
    }
}
