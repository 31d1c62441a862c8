namespace ReSTEM.Core;

/// <summary>What to draw.</summary>
/// <param name="Draw">Where the samples go in the ledger.</param>
/// <param name="Problems">On which problems, in this order.</param>
/// <param name="Samples">Completions per problem.</param>
/// <param name="Options">How each is drawn.</param>
/// <param name="Random">Stream of the draw's purpose; placed at (iteration, problem, index) for each sample.</param>
public sealed record DrawPlan(
    DrawId Draw, IReadOnlyList<Problem> Problems, int Samples, SamplingOptions Options, RandomStream Random)
{
    /// <summary>The request for one sample: its bits depend on nothing else that is drawn.</summary>
    /// <param name="problemId">One of the problems.</param>
    /// <param name="index">From 0.</param>
    /// <param name="promptIds">The problem's prompt.</param>
    public SampleRequest Request(string problemId, int index, IReadOnlyList<int> promptIds) => new()
    {
        ProblemId = problemId,
        Index = index,
        PromptIds = promptIds,
        Options = Options,
        Random = Random.At(Draw.Iteration, problemId, index),
    };
}

/// <summary>What every draw of a run has in common.</summary>
public sealed record DrawingOptions
{
    /// <summary>How a problem becomes a prompt.</summary>
    public required PromptOptions Prompt { get; init; }

    /// <summary>Largest tolerated share of samples on which the verifier fails, in [0, 1].</summary>
    public required double VerifierFailureLimit { get; init; }

    /// <summary>Verifier calls at once, at least 1. Changes no result.</summary>
    public required int VerifierWorkers { get; init; }

    /// <summary>How long judged samples may wait for the ledger. Changes no result.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromSeconds(1);
}
