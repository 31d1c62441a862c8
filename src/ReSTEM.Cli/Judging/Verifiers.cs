using ReSTEM.Answers;
using ReSTEM.Core;
using ReSTEM.Runs;
using ReSTEM.Sandbox;

namespace ReSTEM.Cli;

/// <summary>The verifiers that a set of problems needs.</summary>
internal sealed class Verifiers : IAsyncDisposable
{
    private readonly CodeVerifier? _code;
    private readonly IReadOnlyList<IAsyncDisposable> _others;

    private Verifiers(IVerifier verifier, CodeVerifier? code, IReadOnlyList<IAsyncDisposable> others) => (Verifier, _code, _others) = (verifier, code, others);

    internal IVerifier Verifier { get; }

    /// <summary>Starts what the tasks of the problems need and nothing else; code problems need the sandbox with every layer.</summary>
    /// <param name="problems">What is judged.</param>
    /// <param name="config">How; places are those of the current folder.</param>
    /// <param name="seed">Keys what models that judge draw.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    internal static async Task<Verifiers> CreateAsync(
        IEnumerable<Problem> problems, VerifierConfig config, ulong seed, CancellationToken cancellationToken)
    {
        Dictionary<TaskKind, IVerifier> verifiers = WithoutSandbox(config);
        CodeVerifier? code = null;
        if (problems.Any(problem => problem.Task is TaskKind.Code))
        {
            var options = SandboxSetUp(config.Sandbox);
            await SandboxPrograms.EnsureAsync(options, cancellationToken);
            code = await CodeVerifier.StartAsync(
                options, config.Repairs.Aggregate(CodeRepairs.None, (all, repair) => all | repair), cancellationToken);
            verifiers[TaskKind.Code] = code;
        }

        var own = new TaskVerifier(verifiers);
        List<IVerifier> annotators = [];
        List<IAsyncDisposable> others = [];
        foreach (VerifierVariant variant in config.Annotators ?? [])
        {
            if (variant.Judge is { } judge)
            {
                var (asked, model) = JudgeWiring.Open(judge, $"verifier.annotators.{annotators.Count}.judge", seed);
                annotators.Add(asked);
                others.Add(model);
                continue;
            }

            VerifierConfig other = config with { LastNumber = variant.LastNumber ?? config.LastNumber, Repairs = variant.Repairs ?? config.Repairs, Annotators = null };
            Verifiers verifier = await CreateAsync(problems, other, seed, cancellationToken);
            annotators.Add(verifier.Verifier);
            others.Add(verifier);
        }

        return new Verifiers(annotators.Count == 0 ? own : new PanelVerifier(own, annotators), code, others);
    }

    /// <summary>Tells which answers are the same and judges no program: for who shows what was judged. Programs are the same if their texts are.</summary>
    internal static IVerifier OfAnswers(VerifierConfig config) => new TaskVerifier(WithoutSandbox(config));

    private static Dictionary<TaskKind, IVerifier> WithoutSandbox(VerifierConfig config) => new()
    {
        [TaskKind.Math] = new MathVerifier(new MathVerifierOptions { AllowLastNumber = config.LastNumber }),
        [TaskKind.Choice] = new ChoiceVerifier(),
        [TaskKind.Classify] = new LabelVerifier(),
    };

    private static SandboxOptions SandboxSetUp(SandboxConfig config) => new()
    {
        Limits = new SandboxLimits
        {
            CpuSeconds = config.CpuSeconds,
            ReferenceFactor = config.CpuReferenceFactor,
            CpuSecondsCap = config.CpuSecondsCap,
            MemoryBytes = (long)config.MemoryMib << 20,
            OutputBytes = config.OutputMib << 20,
        },
        Packages = config.Packages,
        GivenUp = config.Without.Aggregate(SandboxLayers.None, (all, layer) => all | Enum.Parse<SandboxLayers>(layer.ToString())),
    };

    /// <summary>What is wrong with the tests of a problem, whatever is submitted; null when nothing is, and for problems without tests.</summary>
    internal async Task<Finding?> FaultOfTestsAsync(Problem problem, CancellationToken cancellationToken) =>
        problem.Task is TaskKind.Code && _code is { } code ? await code.FaultOfTestsAsync(problem, cancellationToken) : null;

    /// <summary>Runs a program for its output.</summary>
    /// <exception cref="SandboxException">The sandbox failed.</exception>
    internal Task<ProgramResult> RunProgramAsync(string program, string input, int? cpuSeconds, CancellationToken cancellationToken) =>
        _code!.RunProgramAsync(program, input, cpuSeconds, cancellationToken);

    /// <summary>For all problems of a run.</summary>
    internal static Task<Verifiers> CreateAsync(RunPlan plan, CancellationToken cancellationToken) => CreateAsync(
        plan.Problems.All, plan.Verifier, plan.Seed, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable other in _others)
        {
            await other.DisposeAsync();
        }

        await (_code?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
