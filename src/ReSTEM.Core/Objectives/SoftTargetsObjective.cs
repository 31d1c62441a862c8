namespace ReSTEM.Core;

/// <summary>
/// Cross-entropy to the problems' distributions over labels, without an E-step: <c>-sum_k q_k log p(label_k | x)</c>. It is the weighted negative
/// log-likelihood of all labels that have a share, with the shares as weights, in one batch; of one label alone it is that of the label.
/// </summary>
/// <param name="loss">The loss of a batch.</param>
/// <remarks>Over distributions of annotators Peterson et al. 2019, arXiv:1908.07086, section 4; here over sequences of tokens, so that the end token counts.</remarks>
public sealed class SoftTargetsObjective(TrainingLoss loss) : IObjective
{
    /// <inheritdoc/>
    public bool UsesSamples => false;

    /// <inheritdoc/>
    public TrainingLoss Loss => loss;

    /// <inheritdoc/>
    public IEnumerable<int> IterationsFor(int iteration) => [];

    /// <summary>Nothing: there is no E-step.</summary>
    public IReadOnlyList<KeptSample> Keep(Problem problem, IReadOnlyList<Sample> samples, RandomStream random) => [];

    /// <summary>What the model is to say for each label that has a share, with the share as its weight, in the order of the labels.</summary>
    /// <exception cref="InvalidDataException">The problem has no labels.</exception>
    public IReadOnlyList<WeightedExample> Examples(Problem problem, IReadOnlyList<KeptSample> kept) => Of(problem);

    /// <summary>The same, of a problem alone.</summary>
    /// <exception cref="InvalidDataException">The problem has no labels.</exception>
    public static IReadOnlyList<WeightedExample> Of(Problem problem)
    {
        LabelTarget target = problem.Target ?? throw new InvalidDataException(
            $"problem '{problem.Id}' has no labels, expected some for every problem with objective: soft_targets.");
        var examples = new List<WeightedExample>();
        for (int label = 0; label < target.Labels.Count; label++)
        {
            if (target.Distribution[label] > 0)
            {
                examples.Add(new WeightedExample(null, target.Verbalisers[label], target.Distribution[label], 0, Continues: examples.Count > 0));
            }
        }

        return examples;
    }
}
