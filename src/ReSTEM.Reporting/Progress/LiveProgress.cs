using System.Globalization;
using ReSTEM.Core;
using Spectre.Console;

namespace ReSTEM.Reporting;

/// <summary>
/// Progress on a terminal: finished phases stay as lines, and one line below them, drawn over and over, shows the phase under way.
/// That line is cut to the width of the terminal; dispose to take it away before anything else is printed.
/// </summary>
public sealed class LiveProgress : ILoopProgress, IDisposable
{
    private const string StartOfClearedLine = "\r\u001b[2K";
    private const int BarCells = 20;
    private const int BarCellsWhenNarrow = 8;
    private const int WideEnoughForBar = 60;
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(250);
    private static readonly Style Faint = new(decoration: Decoration.Dim);
    private static readonly Style Done = new(Color.Green);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private PhaseMeter? _meter;
    private bool _shown;
    private bool _disposed;

    /// <summary>Starts drawing.</summary>
    /// <param name="console">Understands ANSI escape codes (<c>Profile.Capabilities.Ansi</c>); use <see cref="PlainProgress"/> otherwise.</param>
    /// <param name="time">Measures speed and paces the drawing.</param>
    public LiveProgress(IAnsiConsole console, TimeProvider time)
    {
        (_console, _time) = (console, time);
        _timer = time.CreateTimer(_ => Refresh(), null, Redraw, Redraw);
    }

    /// <inheritdoc/>
    public void Started(PhaseStart phase)
    {
        lock (_lock)
        {
            _meter = new PhaseMeter(phase, _time);
            Draw();
        }
    }

    /// <inheritdoc/>
    public void Advanced(PhaseProgress progress)
    {
        lock (_lock)
        {
            _meter?.Add(progress);
        }
    }

    /// <inheritdoc/>
    public void Finished(double seconds, string detail)
    {
        lock (_lock)
        {
            if (_meter is { } meter)
            {
                _meter = null;
                Clear();
                _console.Write(new Paragraph(_console.Profile.Capabilities.Unicode ? "\u2713 " : "* ", Done)
                    .Append(ProgressText.Label(meter.Phase), Style.Plain)
                    .Append($"  {ProgressText.Seconds(seconds)}  ", Faint)
                    .Append(detail + "\n", Style.Plain));
            }
        }
    }

    /// <inheritdoc/>
    public void Note(string message)
    {
        lock (_lock)
        {
            Clear();
            _console.Write(new Paragraph("note ", new Style(Color.Yellow)).Append(message + "\n", Style.Plain));
            Draw();
        }
    }

    /// <summary>Takes the live line away; nothing is drawn afterwards.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _meter = null;
            _disposed = true;
            Clear();
        }
    }

    private void Refresh()
    {
        lock (_lock)
        {
            Draw();
        }
    }

    private void Draw()
    {
        if (_meter is { } meter && !_disposed)
        {
            Clear();
            _console.Write(Line(meter, _console.Profile.Width - 1));
            _shown = true;
        }
    }

    private void Clear()
    {
        if (_shown)
        {
            _console.Write(new ControlCode(StartOfClearedLine));
            _shown = false;
        }
    }

    private Paragraph Line(PhaseMeter meter, int width)
    {
        var line = new Paragraph { Overflow = Overflow.Crop };
        int left = width;
        Put(ProgressText.Label(meter.Phase), new Style(decoration: Decoration.Bold));
        if (width >= WideEnoughForBar)
        {
            int cells = width >= 2 * WideEnoughForBar ? BarCells : BarCellsWhenNarrow;
            int full = (int)Math.Round(meter.Share * cells);
            (char block, char rest) = _console.Profile.Capabilities.Unicode ? ('\u2501', '\u2500') : ('#', '.');
            Put("  " + new string(block, full), Done);
            Put(new string(rest, cells - full), Faint);
        }

        // The most useful parts first: a narrow terminal shows fewer of them.
        Part(string.Create(CultureInfo.InvariantCulture, $"{meter.Share:P0}"));
        Part(ProgressText.Eta(meter) ?? ProgressText.Clock(meter.Elapsed));
        Part(meter.Detail);
        Part(ProgressText.Counts(meter));
        Part(ProgressText.Speed(meter));
        return line;

        void Part(string? text)
        {
            if (!string.IsNullOrEmpty(text) && text.Length + 2 <= left)
            {
                Put("  " + text, Style.Plain);
            }
        }

        void Put(string text, Style style)
        {
            string shown = text[..Math.Clamp(left, 0, text.Length)];
            line.Append(shown, style);
            left -= shown.Length;
        }
    }
}
