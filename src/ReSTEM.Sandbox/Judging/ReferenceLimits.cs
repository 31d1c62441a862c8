using System.Collections.Concurrent;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>
/// Limits of CPU time that published reference solutions raise: tests that take the reference two seconds cannot be met in five by a
/// slower right program. Asked only once a submission was over its limit, so that a problem's reference runs when it can matter.
/// </summary>
/// <param name="sandbox">Where references run.</param>
/// <param name="read">Finds the program in a solution's text.</param>
internal sealed class ReferenceLimits(CodeSandbox sandbox, Func<CodeTests, string, CancellationToken, Task<ExtractedCode>> read)
{
    private const int MostRemembered = 100_000;
    private readonly CodeJudges _withMost = new(sandbox.WithCpuSeconds(Math.Max(sandbox.Limits.CpuSecondsCap, sandbox.Limits.CpuSeconds)));
    private readonly ConcurrentDictionary<CodeTests, Lazy<Task<int?>>> _seconds = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<int, CodeJudges> _judges = [];

    /// <summary>CPU seconds that the reference asks for, more than the usual limit; null when it does not, fails, or is not there.</summary>
    /// <exception cref="SandboxException">The sandbox failed, also when tried again.</exception>
    public async Task<int?> RaisedAsync(Problem problem, CancellationToken cancellationToken)
    {
        // Where a reference gives the expected results, its time has already sized the runs.
        if (sandbox.Limits.ReferenceFactor == 0 || problem.Solution.Length == 0 || problem.Tests is not { Form: not CodeTestForm.Reference } tests)
        {
            return null;
        }

        if (_seconds.Count > MostRemembered)
        {
            _seconds.Clear();
        }

        var measured = _seconds.GetOrAdd(tests, _ => new Lazy<Task<int?>>(() => MeasureAsync(problem, tests, cancellationToken)));
        try
        {
            return await measured.Value;
        }
        catch (Exception failure) when (failure is SandboxException or OperationCanceledException)
        {
            _seconds.TryRemove(tests, out _); // it says nothing about the reference
            throw;
        }
    }

    /// <summary>Judges within the raised limit.</summary>
    public CodeJudges Within(int seconds) => _judges.GetOrAdd(seconds, limit => new CodeJudges(sandbox.WithCpuSeconds(limit)));

    /// <summary>The limit for a reference that takes a time on this machine; null when that is not above the usual one.</summary>
    public static int? Raise(SandboxLimits limits, TimeSpan reference)
    {
        double seconds = Math.Ceiling(limits.ReferenceFactor * reference.TotalSeconds / limits.MachineFactor);
        int raised = (int)Math.Min(seconds, limits.CpuSecondsCap);
        return raised > limits.CpuSeconds ? raised : null;
    }

    private async Task<int?> MeasureAsync(Problem problem, CodeTests tests, CancellationToken cancellationToken)
    {
        var code = await read(tests, problem.Solution, cancellationToken);
        var judgement = await _withMost.JudgeAsync(problem, code, cancellationToken);
        return judgement.Verdict is Verdict.Correct ? Raise(sandbox.Limits, judgement.UserTime) : null;
    }
}
