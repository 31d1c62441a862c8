using ReSTEM.Core;
using ReSTEM.Runs;
using ReSTEM.Sandbox;
using ReSTEM.Serving;

namespace ReSTEM.Cli;

/// <summary>The verifiers of a server: those of answers at once, the sandbox when the first program comes.</summary>
/// <param name="config">How is judged.</param>
internal sealed class ServedVerifiers(VerifierConfig config) : IAsyncDisposable
{
    private static readonly Problem AnyProgram = new() { Id = "", Task = TaskKind.Code, Prompt = "" };

    private readonly IVerifier _answers = Verifiers.OfAnswers(config);
    private readonly Lazy<Task<Verifiers>> _programs = new(() => Verifiers.CreateAsync([AnyProgram], config, seed: 0, CancellationToken.None));

    /// <summary>As the server takes them.</summary>
    internal Verification Verification => new(JudgeAsync, RunAsync, config.Sandbox.MemoryMib);

    public async ValueTask DisposeAsync()
    {
        if (_programs is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _programs.Value).DisposeAsync();
        }
    }

    private async Task<string> JudgeAsync(string row, int line, CancellationToken cancellationToken)
    {
        VerifyRow read = VerifyRows.ReadOne("body", line, row);
        Finding finding = read.Problem is not { } problem ? VerifyRows.BadRow(read)
            : problem.Task is not TaskKind.Code ? await _answers.VerifyAsync(problem, read.Completion, cancellationToken)
            : await JudgeProgramAsync(problem, read.Completion, cancellationToken);
        return RowWriter.Text(VerifyRows.Judged(read, finding));
    }

    private async Task<Finding> JudgeProgramAsync(Problem problem, string completion, CancellationToken cancellationToken)
    {
        try
        {
            return await (await _programs.Value).Verifier.VerifyAsync(problem, completion, cancellationToken);
        }
        catch (SandboxException fault) // the sandbox cannot be had here: no finding, and never a reward
        {
            return new Finding
            {
                Verdict = Verdict.VerifierFailed,
                Reason = "sandbox-failed",
                Evidence = new Dictionary<string, string> { ["message"] = fault.Message },
            };
        }
    }

    private async Task<ProgramRun> RunAsync(string program, string input, int? cpuSeconds, CancellationToken cancellationToken)
    {
        try
        {
            ProgramResult ended = await (await _programs.Value).RunProgramAsync(program, input, cpuSeconds, cancellationToken);
            return new ProgramRun(ended.TimedOut, ended.Limit, ended.ExitCode, ended.Wall.TotalSeconds, ended.Output, ended.Errors);
        }
        catch (SandboxException fault)
        {
            throw new InvalidOperationException(fault.Message, fault);
        }
    }
}
