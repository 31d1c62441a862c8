using ReSTEM.Core;
using ReSTEM.Sandbox;

namespace ReSTEM.IntegrationTests;

/// <summary>One verifier for all tests of a class, with limits that no program reaches which ends by itself.</summary>
public sealed class VerifierFixture : IAsyncLifetime
{
    private readonly SandboxOptions _options;
    private CodeVerifier? _verifier;

    public VerifierFixture()
        : this(Options)
    {
    }

    internal VerifierFixture(SandboxOptions options) => _options = options;

    public static SandboxOptions Options { get; } = new()
    {
        WorkerCount = 2,
        Limits = TestLimits.Ending,
    };

    internal CodeVerifier Verifier => _verifier ?? throw new InvalidOperationException("The verifier has not been started.");

    public async Task InitializeAsync()
    {
        if (SandboxAvailability.SkipReason is null)
        {
            _verifier = await CodeVerifier.StartAsync(_options, CancellationToken.None);
        }
    }

    public async Task DisposeAsync()
    {
        if (_verifier is not null)
        {
            await _verifier.DisposeAsync();
        }
    }

    internal async Task<Finding> JudgeAsync(Problem problem, string completion) =>
        await Verifier.VerifyAsync(problem, completion, CancellationToken.None);

    internal async Task<Finding[]> JudgeAllAsync(IReadOnlyList<Problem> problems, Func<Problem, string> completion) =>
        await Verifier.JudgeAllAsync([.. problems.Select(problem => (problem, completion(problem)))]);
}

/// <summary>A verifier for reference solutions, with the product's own limits but for time, which on a slow machine is another.</summary>
public sealed class ReferenceFixture : IAsyncLifetime
{
    internal VerifierFixture Sandbox { get; } = new(Options with { WorkerCount = 2 });

    internal static SandboxOptions Options { get; } = new()
    {
        Limits = new SandboxLimits { CpuSeconds = TestLimits.Ending.CpuSeconds, Wall = TestLimits.Ending.Wall },
    };

    public Task InitializeAsync() => Sandbox.InitializeAsync();

    public Task DisposeAsync() => Sandbox.DisposeAsync();
}

internal static class VerifierExtensions
{
    /// <summary>The findings in the order of the submissions, four of which are judged at a time.</summary>
    public static async Task<Finding[]> JudgeAllAsync(this IVerifier verifier, IReadOnlyList<(Problem Problem, string Completion)> submissions)
    {
        var findings = new Finding[submissions.Count];
        await Parallel.ForAsync(0, findings.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, token) =>
            findings[index] = await verifier.VerifyAsync(submissions[index].Problem, submissions[index].Completion, token));
        return findings;
    }
}
