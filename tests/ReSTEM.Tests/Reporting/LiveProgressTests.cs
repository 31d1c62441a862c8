using System.Text.RegularExpressions;
using ReSTEM.Core;
using ReSTEM.Reporting;
using Spectre.Console;

namespace ReSTEM.Tests;

public sealed class LiveProgressTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Theory]
    [InlineData(200)]
    [InlineData(80)]
    [InlineData(59)]
    [InlineData(20)]
    [InlineData(2)]
    public void The_live_line_never_reaches_the_last_column(int width)
    {
        using (var progress = new LiveProgress(Console(width), _time))
        {
            progress.Started(new PhaseStart(1, 3, "e-step", "samples", 7200));
            progress.Advanced(new PhaseProgress(0, 0, "0 correct"));
            _time.Move(5);
            progress.Advanced(new PhaseProgress(3600, 100_000, "1,200 correct"));
            _time.Move(1);
        }

        string[] drawn = Regex.Replace(_output.ToString(), "\u001b\\[2K", "").Split('\r');
        Assert.All(drawn, line => Assert.True(Bare(line).Length < width, $"'{line}' is {Bare(line).Length} wide, expected below {width}."));
        Assert.DoesNotContain('\n', _output.ToString());
    }

    [Fact]
    public void A_wide_terminal_shows_everything()
    {
        using var progress = new LiveProgress(Console(160), _time);
        progress.Started(new PhaseStart(1, 3, "e-step", "samples", 7200));
        progress.Advanced(new PhaseProgress(0, 0, "0 correct"));
        _time.Move(10);
        progress.Advanced(new PhaseProgress(3600, 120_000, "1,200 correct"));
        _time.Move(0);

        string last = Bare(_output.ToString().Split('\r')[^1]);
        Assert.Equal("iteration 1/3 e-step  ##########..........  50 %  ETA 0:10  1,200 correct  3,600/7,200 samples  12,000 tokens/s", last);
    }

    [Fact]
    public void Finished_phases_and_notes_stay_and_the_live_line_goes()
    {
        var progress = new LiveProgress(Console(100), _time);
        progress.Started(new PhaseStart(1, 3, "e-step", "samples", 10));
        progress.Note("look");
        progress.Finished(1.5, "4 of 10 correct");
        progress.Started(new PhaseStart(1, 3, "m-step", "steps", 10));
        progress.Dispose();
        int length = _output.ToString().Length;
        _time.Move(1);
        progress.Started(new PhaseStart(2, 3, "e-step", "samples", 10));

        Assert.Equal(length, _output.ToString().Length);
        Assert.Equal(
            ["note look", "* iteration 1/3 e-step  1.5 s  4 of 10 correct", ""],
            OnScreen(_output.ToString()));
    }

    [Fact]
    public void Brackets_in_what_is_shown_are_not_markup()
    {
        using var progress = new LiveProgress(Console(100), _time);
        progress.Started(new PhaseStart(1, 3, "evaluate [red]", "samples", 10));
        progress.Note("[/] [unclosed");
        Assert.Contains("note [/] [unclosed", Bare(_output.ToString()), StringComparison.Ordinal);
    }

    /// <summary>What a terminal would show: a cleared line forgets what was written on it.</summary>
    private static string[] OnScreen(string output) =>
        [.. output.Split('\n').Select(line => Bare(line[(line.LastIndexOf("\u001b[2K", StringComparison.Ordinal) is var at and >= 0 ? at + 4 : 0)..]))];

    private static string Bare(string text) => Regex.Replace(text, "\u001b\\[[0-9;]*[A-Za-z]", "").TrimEnd('\r');

    private IAnsiConsole Console(int width)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Out = new AnsiConsoleOutput(_output),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = false;
        return console;
    }
}
