using ReSTEM.Core;
using ReSTEM.Reporting;
using Spectre.Console;

namespace ReSTEM.Cli;

/// <summary>Progress on standard error: drawn live on a terminal, plain lines elsewhere.</summary>
internal sealed class ProgressOutput : IDisposable
{
    private readonly IDisposable? _live;

    private ProgressOutput(ILoopProgress progress) => (Progress, _live) = (progress, progress as IDisposable);

    /// <summary>Tells nobody.</summary>
    internal static ProgressOutput None => new(new PlainProgress(TextWriter.Null, TimeProvider.System));

    internal ILoopProgress Progress { get; }

    /// <param name="onlyLongWork">Whether plain lines are left out for work that takes seconds.</param>
    internal static ProgressOutput Create(bool onlyLongWork = false)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new ProgressOutput(!Console.IsErrorRedirected && console.Profile.Capabilities.Ansi
            ? new LiveProgress(console, TimeProvider.System)
            : new PlainProgress(Console.Error, TimeProvider.System, onlyLongWork));
    }

    public void Dispose() => _live?.Dispose();
}
