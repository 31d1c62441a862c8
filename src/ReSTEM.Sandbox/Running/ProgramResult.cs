using System.Text;

namespace ReSTEM.Sandbox;

/// <summary>How a whole program ended that was run for its output.</summary>
/// <param name="TimedOut">Whether it went over its time.</param>
/// <param name="Limit">The other limit that ended it, in words; empty where none did.</param>
/// <param name="ExitCode">Its exit status, or minus the signal that ended it.</param>
/// <param name="Wall">How long it took.</param>
/// <param name="Output">Standard output, as UTF-8.</param>
/// <param name="Errors">The end of standard error.</param>
public sealed record ProgramResult(bool TimedOut, string Limit, int ExitCode, TimeSpan Wall, string Output, string Errors)
{
    /// <summary>Of a run.</summary>
    internal static ProgramResult Of(RunOutcome run) => new(
        run.End is RunEnd.CpuLimit or RunEnd.WallLimit,
        run.End switch
        {
            RunEnd.MemoryLimit => "the program used more memory than a run may have.",
            RunEnd.OutputLimit => "the program printed more than a run may hand back.",
            _ => "",
        },
        run.Signal > 0 ? -run.Signal : run.ExitStatus,
        run.Wall,
        Encoding.UTF8.GetString(run.Output.Span),
        run.StandardError);
}
