using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>The runs of a sweep, one after the other, seed by seed. What is finished is looked at, what was begun goes on.</summary>
/// <param name="plan">Of the sweep.</param>
/// <param name="command">How it was started, for the reports.</param>
internal sealed class SweepRuns(SweepPlan plan, string command)
{
    private readonly Dictionary<(string Row, int Seed), (MeasuredRun Measured, string Policy)> _done = [];

    /// <summary>Runs what is left.</summary>
    /// <returns>What the result of every run did, by row.</returns>
    internal async Task<IReadOnlyList<ComparedRow>> RunAsync(CancellationToken cancellationToken)
    {
        int number = 0, all = plan.Rows.Count * plan.Config.Seeds.Count;
        foreach (int seed in plan.Config.Seeds)
        {
            foreach (SweepRow row in plan.Rows)
            {
                string name = $"run {++number} of {all}, {plan.FolderOf(row, seed)}";
                _done[(row.Name, seed)] = await RunAsync(row, seed, name, cancellationToken);
            }
        }

        return [.. plan.Rows.Select(row => new ComparedRow(row.Name, [.. plan.Config.Seeds.Select(seed => _done[(row.Name, seed)].Measured)]))];
    }

    private async Task<(MeasuredRun Measured, string Policy)> RunAsync(SweepRow row, int seed, string name, CancellationToken cancellationToken)
    {
        LoadWatch watch = LoadingOutput.Watch(cancellationToken);
        RunPlan run = plan.PlanOf(row, seed, row.Teacher.Length == 0 ? null : _done[(row.Teacher, seed)].Policy, watch);
        if (Finished(run) is { } finished)
        {
            await Console.Error.WriteLineAsync($"{name}: finished before");
            return finished;
        }

        await Console.Error.WriteLineAsync($"{name}: {row.Config}{string.Concat(row.Set.Select(text => $" --set {text}"))}");
        await new LoopRun(run, command).RunAsync(watch, cancellationToken);
        return Finished(run) ?? throw new InvalidOperationException($"{run.Folder} is not finished though its run ended, expected its ledger to say so.");
    }

    /// <summary>What a finished run did; null where something is left to do, or where it is another run, which going on with it says.</summary>
    private static (MeasuredRun Measured, string Policy)? Finished(RunPlan run)
    {
        if (!RunLedger.HasBegun(run.Folder))
        {
            return null;
        }

        using RunLedger ledger = RunLedger.OpenToRead(run.Folder);
        if (!ledger.Phases.IsComplete(0, SelfTraining.RunPhase) || ledger.Origin is not { } origin || !run.IsOf(origin))
        {
            return null;
        }

        var view = RunView.OfRun(run.Folder, run.OptionsToLook, run.Problems, Verifiers.OfAnswers(run.Config.Verifier), "");
        MeasuredRun measured = MeasuredRun.Read(ledger, view, null);
        return (measured, measured.Iteration == 0 ? run.BaseFolder : ledger.Paths.Policy(measured.Iteration));
    }
}
