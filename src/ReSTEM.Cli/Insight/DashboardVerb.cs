using System.CommandLine;
using ReSTEM.Dashboard;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem dashboard</c>.</summary>
internal static class DashboardVerb
{
    private const int UsualPort = 7317;
    private const string UsualPlace = "runs";

    internal static Command Create()
    {
        var places = new Argument<string[]>("RUNS")
        {
            Description = $"Run folders, or folders of runs; {UsualPlace} if left out.",
            Arity = ArgumentArity.ZeroOrMore,
            DefaultValueFactory = _ => [UsualPlace],
        };
        var port = new Option<int>("--port") { Description = "Where it listens, on 127.0.0.1 alone; 0 takes any port that is free.", DefaultValueFactory = _ => UsualPort };
        var verb = new Command(
            "dashboard",
            "Serves a web page about all runs to this machine, live while they go on: what each is doing, its curves, and its report with all samples.\n\n" +
            "It reads run folders and changes nothing. Ctrl-C ends it.\n\n" +
            "Examples: restem dashboard\n          restem dashboard runs /data/runs --port 8080")
        {
            places, port,
        };
        verb.SetAction((parsed, cancellationToken) => ServeAsync(
            parsed.GetValue(places)!, InputOutput.InRange("--port", parsed.GetValue(port), 0, ushort.MaxValue), cancellationToken));
        return verb;
    }

    // Apart, so that the framework of web servers is loaded where one is wanted.
    private static async Task<int> ServeAsync(string[] places, int port, CancellationToken cancellationToken)
    {
        if (places.FirstOrDefault(place => !Directory.Exists(place)) is { } missing)
        {
            throw new UsageException($"{missing} is no folder, expected a run folder or a folder of runs, for example {UsualPlace}.");
        }

        await using DashboardServer server = await DashboardServer.StartAsync(places, Open, port, TimeProvider.System, cancellationToken);
        Console.WriteLine($"dashboard: {server.Address} ({server.RunCount} {(server.RunCount == 1 ? "run" : "runs")}; Ctrl-C ends it)");
        Task first = await Task.WhenAny(server.Ended, Task.Delay(Timeout.Infinite, cancellationToken));
        await (cancellationToken.IsCancellationRequested ? Task.CompletedTask : first);
        throw new InterruptedWorkException("the dashboard has ended; runs go on.");
    }

    private static OpenedRun Open(string folder, CancellationToken cancellationToken)
    {
        LookedAtRun? run = null;
        try
        {
            run = LookedAtRun.Open(folder, null, []);
            RunPlan plan = run.SamePlan(cancellationToken);
            var view = RunView.OfRun(plan.Config.Name, plan.OptionsToLook, plan.Problems, Verifiers.OfAnswers(plan.Config.Verifier), "");
            return new OpenedRun(new ReportedRun(folder, run.Ledger, SummaryReader.Read(run.Ledger, view)), "");
        }
        catch (Exception fault) when (fault is UsageException or ConfigException or InvalidDataException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            run?.Dispose();
            return new OpenedRun(null, Failure.Line(fault));
        }
    }
}
