namespace ReSTEM.Core;

/// <summary>Negative log-likelihood of the problems' own human solutions: supervised fine-tuning, the baseline without an E-step.</summary>
/// <param name="loss">The loss of a batch.</param>
/// <remarks>Singh et al. 2023, arXiv:2312.06585, section 5.2.</remarks>
public sealed class SolutionsObjective(TrainingLoss loss) : IObjective
{
    /// <inheritdoc/>
    public bool UsesSamples => false;

    /// <inheritdoc/>
    public TrainingLoss Loss => loss;

    /// <inheritdoc/>
    public IEnumerable<int> IterationsFor(int iteration) => [];

    /// <summary>Nothing: there is no E-step.</summary>
    public IReadOnlyList<KeptSample> Keep(Problem problem, IReadOnlyList<Sample> samples, RandomStream random) => [];

    /// <summary>The solution, with weight 1.</summary>
    public IReadOnlyList<WeightedExample> Examples(Problem problem, IReadOnlyList<KeptSample> kept) => problem.Solution.Length > 0
        ? [new WeightedExample(null, problem.Solution, 1, 0)]
        : throw new InvalidDataException(
            $"problem '{problem.Id}' has no solution, expected one for every problem with m_step.data: solutions.");
}
