namespace ReSTEM.Core;

/// <summary>Names one batch of samples in the ledger: which policy was sampled, and for what. It draws no random numbers.</summary>
/// <param name="Iteration">0 for the base model; an E-step bears the number of its own iteration.</param>
/// <param name="Name">One of the names made here.</param>
public readonly record struct DrawId(int Iteration, string Name)
{
    /// <summary>The E-step of an iteration.</summary>
    public static DrawId EStep(int iteration) => new(iteration, "e-step");

    /// <summary>Sampled evaluation of an iteration's policy on a problem set.</summary>
    public static DrawId Sampled(int iteration, string set) => new(iteration, $"evaluation/{set}/sampled");

    /// <summary>Greedy evaluation of an iteration's policy on a problem set.</summary>
    public static DrawId Greedy(int iteration, string set) => new(iteration, $"evaluation/{set}/greedy");

    /// <summary>Validation of a candidate after an epoch; epoch 0 is the base model.</summary>
    public static DrawId Validation(int iteration, int epoch) => new(iteration, $"validation/{epoch}");

    /// <summary>The last policy on the training problems.</summary>
    public static DrawId TrainGap(int iteration) => new(iteration, "train");

    /// <summary>A round of synthetic texts.</summary>
    public static DrawId Synthesis(int round) => new(round, "synthesis");

    /// <summary>The problem set that is drawn on: <c>train</c>, <c>validation</c>, or the name of an evaluation set.</summary>
    public string Set
    {
        get
        {
            string[] parts = Name.Split('/');
            return parts.Length == 1 ? "train" : parts[0] == "evaluation" ? string.Join('/', parts[1..^1]) : parts[0];
        }
    }
}
