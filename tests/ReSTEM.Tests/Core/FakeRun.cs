using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>A whole run on fakes, in a scratch folder: the real loop, the real ledger.</summary>
internal sealed class FakeRun : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    internal FakeRun()
    {
        new FakeWeights(new Dictionary<string, double> { ["arithmetic"] = -0.8, ["word"] = -0.3 }).Save(BaseFolder);
        Directory.CreateDirectory(Folder);
    }

    internal string Folder => _scratch.File("run");

    internal string BaseFolder => _scratch.File("base");

    internal LoopOptions Options { get; set; } = new()
    {
        Seed = 7,
        Iterations = 2,
        Base = new PolicyRef("", ""),
        Teacher = null,
        Drawing = new DrawingOptions { Prompt = new PromptOptions(), VerifierFailureLimit = 0, VerifierWorkers = 2 },
        EStep = new EStepOptions { Samples = 4 },
        MStep = new MStepOptions { Epochs = 2, Optimizer = new OptimizerOptions { BatchSequences = 8 } },
        Validation = new ValidationOptions { Samples = 2 },
        TrainGapSamples = 0,
    };

    internal RunProblems Problems { get; set; } = new(
        FakeProblem.Make("train", 24, 0),
        FakeProblem.Make("validation", 10, 500),
        [new EvaluationSet("test", FakeProblem.Make("test", 20, 1000), new EvaluationOptions { Samples = 4, K = [1, 4] })]);

    internal IVerifier Verifier { get; set; } = new FakeVerifier();

    internal FakeProgress Progress { get; private set; } = new(_ => { });

    internal Action<string> OnBoundary { get; set; } = _ => { };

    internal Action<SampleRequest> OnSample { get; set; } = _ => { };

    internal Action<TrainingJob> OnJob { get; set; } = _ => { };

    internal Action OnStep { get; set; } = () => { };

    internal int Slots { get; set; } = 5;

    /// <summary>How much training helps, by iteration; below 0 it does harm.</summary>
    internal Func<int, double> Effect { get; set; } = _ => 1;

    /// <summary>Stands between the loop and everything else; null for nothing.</summary>
    internal RunProfile? Profile { get; set; }

    /// <summary>Draws elsewhere, given the engine; null for nothing.</summary>
    internal Func<IEngine, IDrawExecutor>? Executor { get; set; }

    internal RunView View => RunView.OfRun("fake", Options, Problems, Verifier, "restem run configs/fake.yaml");

    /// <summary>Starts, or goes on with, the run in its folder, as a new process would.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        using RunLedger ledger = RunLedger.Open(Folder);
        Progress = new FakeProgress(text => OnBoundary(text));
        var engine = new FakeEngine(
            request => OnSample(request), Slots, new FakeTrainer(job => OnJob(job), () => OnStep(), request => OnSample(request), Slots, job => Effect(IterationOf(job))));
        var loop = new SelfTraining(
            Options with { Base = engine.Resolve(BaseFolder) }, Problems, Profile?.Watch(engine) ?? engine, Profile?.Watch(Verifier) ?? Verifier,
            Profile?.Watch(ledger) ?? ledger, Profile?.Watch(Progress) ?? Progress, TimeProvider.System)
        {
            Executor = Executor?.Invoke(engine),
        };
        await loop.RunAsync(cancellationToken);
    }

    /// <summary>Fewer problems, for tests that run the loop many times.</summary>
    internal static FakeRun Small() => new()
    {
        Problems = new RunProblems(
            FakeProblem.Make("train", 8, 0),
            FakeProblem.Make("validation", 4, 500),
            [new EvaluationSet("test", FakeProblem.Make("test", 5, 1000), new EvaluationOptions { Samples = 2, K = [1, 2] })]),
    };

    internal Task StartAsync() => StartAsync(CancellationToken.None);

    /// <summary>Looks into the ledger of a run that is not under way.</summary>
    internal T Read<T>(Func<RunLedger, T> read)
    {
        using RunLedger ledger = RunLedger.Open(Folder);
        return read(ledger);
    }

    /// <summary>All samples of a draw, by problem and index.</summary>
    internal IReadOnlyList<Sample> Samples(DrawId draw) => Read(ledger => (IReadOnlyList<Sample>)
        [.. Problems.All.Select(problem => problem.Id).Distinct().Order(StringComparer.Ordinal).SelectMany(id => ledger.Samples.Read(draw, id))]);

    private int IterationOf(TrainingJob job) => Enumerable.Range(1, Options.Iterations)
        .First(iteration => job.OutputFolder.StartsWith(new RunPaths(Folder).Iteration(iteration), StringComparison.Ordinal)); // a reference run has a folder beside the policy's

    internal string Digest() => Read(ledger => ledger.ContentDigest());

    public void Dispose() => _scratch.Dispose();
}
