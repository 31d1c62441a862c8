using System.Globalization;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>Says on standard error how far the loading of problems is, when it takes long.</summary>
internal sealed class LoadingOutput
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly TextWriter _output;
    private readonly TimeProvider _clock;
    private long _last;

    internal LoadingOutput(TextWriter output, TimeProvider clock) => (_output, _clock, _last) = (output, clock, clock.GetTimestamp());

    /// <summary>A watch that reports here.</summary>
    internal static LoadWatch Watch(CancellationToken cancellationToken) =>
        new(new LoadingOutput(Console.Error, TimeProvider.System).Report, cancellationToken);

    /// <summary>Writes a line, unless there was one within the last seconds.</summary>
    internal void Report(string what, long done, long total)
    {
        long now = _clock.GetTimestamp();
        if (_clock.GetElapsedTime(_last, now) >= Interval)
        {
            _last = now;
            _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {done:N0} of {total:N0}"));
        }
    }
}
