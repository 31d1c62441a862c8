using ReSTEM.Core;
using ReSTEM.Reporting;

namespace ReSTEM.Tests;

public sealed class PlainProgressTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };

    private PlainProgress Progress => field ??= new PlainProgress(_output, _time);

    private string[] Lines => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose() => _output.Dispose();

    [Fact]
    public void A_phase_has_a_line_at_its_start_every_ten_seconds_and_at_its_end()
    {
        Progress.Started(new PhaseStart(2, 3, "e-step", "samples", 1000));
        Progress.Advanced(new PhaseProgress(0, 0, "0 correct"));
        for (int second = 1; second <= 25; second++)
        {
            _time.Move(1);
            Progress.Advanced(new PhaseProgress(20, 400, $"{8 * second} correct"));
        }

        Progress.Finished(25.04, "200 of 500 correct");

        // 20 samples and 400 tokens a second: after 10 s 800 samples are left for 40 s.
        Assert.Equal(
            [
                "iteration 2/3 e-step: 1,000 samples to do",
                "iteration 2/3 e-step: 200/1,000 samples (20 %), 400 tokens/s, 80 correct, ETA 0:40",
                "iteration 2/3 e-step: 400/1,000 samples (40 %), 400 tokens/s, 160 correct, ETA 0:30",
                "iteration 2/3 e-step: done in 25.0 s: 200 of 500 correct",
            ],
            Lines);
    }

    [Fact]
    public void Samples_of_an_earlier_start_do_not_count_as_speed()
    {
        Progress.Started(new PhaseStart(0, 3, "evaluate test", "samples", 1000));
        Progress.Advanced(new PhaseProgress(900, 0, "300 correct"));
        _time.Move(10);
        Progress.Advanced(new PhaseProgress(50, 1000, "310 correct"));

        // 50 in 10 s, 50 left.
        Assert.Equal("base model evaluate test: 950/1,000 samples (95 %), 100 tokens/s, 310 correct, ETA 0:10", Lines[1]);
    }

    [Fact]
    public void Notes_stand_alone_and_reports_outside_a_phase_are_ignored()
    {
        Progress.Advanced(new PhaseProgress(1, 1, ""));
        Progress.Finished(1, "");
        Progress.Note("3 solutions are left out");
        Assert.Equal(["note: 3 solutions are left out"], Lines);
    }

    [Theory]
    [InlineData(0.44, "0.4 s")]
    [InlineData(99.94, "99.9 s")]
    [InlineData(99.96, "1:40 min")]
    [InlineData(3599.4, "59:59 min")]
    [InlineData(3753, "1:02:33 h")]
    public void Seconds_are_written_in_the_unit_that_fits(double seconds, string expected) =>
        Assert.Equal(expected, ProgressText.Seconds(seconds));

    [Fact]
    public void Work_of_seconds_tells_nothing_where_only_long_work_is_told()
    {
        var quiet = new PlainProgress(_output, _time, onlyLongWork: true);
        quiet.Started(new PhaseStart(PhaseStart.OutsideOfRun, 0, "sample", "samples", 100));
        _time.Move(9);
        quiet.Advanced(new PhaseProgress(90, 900, ""));
        quiet.Finished(9.5, "100 samples");
        Assert.Empty(Lines);

        quiet.Started(new PhaseStart(PhaseStart.OutsideOfRun, 0, "sample", "samples", 100));
        _time.Move(10);
        quiet.Advanced(new PhaseProgress(50, 500, ""));
        quiet.Finished(20, "100 samples");
        Assert.Equal(["sample: 50/100 samples (50 %), 50 tokens/s", "sample: done in 20.0 s: 100 samples"], Lines);
    }
}
