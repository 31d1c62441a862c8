using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>Progress of a verb over its rows, on standard error; a verb that is done within seconds tells nothing to a pipe.</summary>
internal sealed class RowProgress : IDisposable
{
    private readonly ProgressOutput _output;
    private readonly long _start = TimeProvider.System.GetTimestamp();

    /// <param name="name">Of the work.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="output">Where the rows go: on the terminal they are their own progress.</param>
    internal RowProgress(string name, string unit, long total, OutputFile output)
    {
        _output = output.IsTerminal ? ProgressOutput.None : ProgressOutput.Create(onlyLongWork: true);
        _output.Progress.Started(new PhaseStart(PhaseStart.OutsideOfRun, 0, name, unit, total));
    }

    /// <summary>Tells what came since the last time.</summary>
    internal void Advance(long units, long tokens = 0, string detail = "") => _output.Progress.Advanced(new PhaseProgress(units, tokens, detail));

    /// <summary>Tells that all is done.</summary>
    internal void Finish(string detail) => _output.Progress.Finished(TimeProvider.System.GetElapsedTime(_start).TotalSeconds, detail);

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();
}
