using ReSTEM.Core;
using ReSTEM.Reporting;

namespace ReSTEM.Tests;

public sealed class RunProfileTests
{
    [Fact]
    public void Each_moment_counts_for_the_first_that_is_at_work()
    {
        var time = new ManualTime();
        var profile = new RunProfile(time);
        profile.Begin(new PhaseStart(1, 2, "m-step", "steps", 1));
        using (profile.During(Activity.Engine))
        {
            time.Move(1);
            using (profile.Outside(Activity.Engine))
            {
                time.Move(2);
                using var ledger = profile.During(Activity.Ledger);
                time.Move(4);
            }

            using var verification = profile.During(Activity.Verification);
            time.Move(8);
        }

        using (profile.During(Activity.Verification))
        using (profile.During(Activity.Ledger))
        {
            time.Move(16);
        }

        profile.End();
        time.Move(32); // between phases
        Assert.Equal([new PhaseProfile(1, "m-step", Engine: 1 + 8, Verification: 16, Ledger: 4, Idle: 2)], profile.Phases);
    }

    [Fact]
    public async Task A_watched_run_is_the_same_run_and_its_time_is_where_it_was_spent()
    {
        using var plain = FakeRun.Small();
        await plain.StartAsync();

        var time = new ManualTime();
        using var watched = FakeRun.Small();
        watched.Profile = new RunProfile(time);
        watched.OnSample = _ => time.Move(1);
        watched.OnStep = () => time.Move(100);
        await watched.StartAsync();

        Assert.Equal(plain.Digest(), watched.Digest());
        Assert.Equal(watched.Progress.Boundaries.Count(text => text.StartsWith("start", StringComparison.Ordinal)), watched.Profile.Phases.Count);
        Assert.All(watched.Profile.Phases, phase => Assert.Equal(phase.Engine, phase.Seconds));
        Assert.Equal(8 * 4, watched.Profile.Phases.First(phase => phase.Phase == EStep.Phase).Engine); // a second a sample
        Assert.True(watched.Profile.Phases.First(phase => phase.Phase == MStep.Phase).Engine >= 100);
    }

    [Fact]
    public async Task The_report_shows_a_profile_that_is_in_the_folder()
    {
        using var run = FakeRun.Small();
        await run.StartAsync();
        string without = Report();
        ProfileFile.Write(run.Folder, [new PhaseProfile(1, "e-step", 30, 9, 1, 20)]);
        string with = Report();
        Assert.DoesNotContain("waited for", without, StringComparison.Ordinal);
        Assert.Contains("<td>50.0 %</td><td>15.0 %</td><td>1.7 %</td><td>33.3 %</td>", with, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(run.Folder, ProfileFile.Name), "{");
        Assert.Contains("delete it", Assert.Throws<InvalidDataException>(Report).Message, StringComparison.Ordinal);

        string Report() => run.Read(ledger => HtmlReport.Text(run.Folder, ledger, SummaryReader.Read(ledger, run.View)));
    }
}
