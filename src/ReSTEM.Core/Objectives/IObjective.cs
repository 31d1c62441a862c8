namespace ReSTEM.Core;

/// <summary>
/// What the M-step maximises: turns judged samples into weighted examples, and says in which loss they are used. Rules of keeping,
/// weights, and the merging of iterations are here and nowhere else.
/// </summary>
public interface IObjective
{
    /// <summary>Whether it needs an E-step.</summary>
    bool UsesSamples { get; }

    /// <summary>The loss of an example, and how the losses of a batch become one number.</summary>
    TrainingLoss Loss { get; }

    /// <summary>The iterations whose kept samples an iteration trains on, ascending.</summary>
    IEnumerable<int> IterationsFor(int iteration);

    /// <summary>What of one problem's samples may be trained on, by index.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="samples">Its judged samples.</param>
    /// <param name="random">Stream of <see cref="RandomPurpose.Keep"/> at this iteration and problem.</param>
    IReadOnlyList<KeptSample> Keep(Problem problem, IReadOnlyList<Sample> samples, RandomStream random);

    /// <summary>What to train on for one problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="kept">What the iterations of <see cref="IterationsFor"/> kept of it, in their order.</param>
    /// <exception cref="InvalidDataException">The problem lacks what the objective needs.</exception>
    IReadOnlyList<WeightedExample> Examples(Problem problem, IReadOnlyList<KeptSample> kept);
}
