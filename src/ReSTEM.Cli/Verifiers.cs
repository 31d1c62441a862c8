using ReSTEM.Core;
using ReSTEM.Runs;
using ReSTEM.Verification;

namespace ReSTEM.Cli;

/// <summary>The verifiers that a set of problems needs.</summary>
internal sealed class Verifiers : IAsyncDisposable
{
    private Verifiers(IVerifier verifier) => Verifier = verifier;

    internal IVerifier Verifier { get; }

    /// <summary>Starts what the tasks of the problems need and nothing else.</summary>
    internal static Task<Verifiers> CreateAsync(
        IEnumerable<Problem> problems, VerifierConfig config, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var tasks = problems.Select(problem => problem.Task).ToHashSet();
        var verifiers = new Dictionary<TaskKind, IVerifier>
        {
            [TaskKind.Math] = new MathVerifier(new MathVerifierOptions { AllowLastNumber = config.LastNumber }),
            [TaskKind.Choice] = new ChoiceVerifier(),
        };
        if (tasks.Contains(TaskKind.Code))
        {
            throw new NotSupportedException("code problems need the sandbox, which this build does not have.");
        }

        return Task.FromResult(new Verifiers(new TaskVerifier(verifiers)));
    }

    /// <summary>For all problems of a run.</summary>
    internal static Task<Verifiers> CreateAsync(RunPlan plan, CancellationToken cancellationToken) => CreateAsync(
        plan.Problems.Train.Concat(plan.Problems.Validation).Concat(plan.Problems.Evaluations.SelectMany(set => set.Problems)),
        plan.Config.Verifier, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
