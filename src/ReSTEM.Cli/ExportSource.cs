using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Pretraining;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>What <c>restem export</c> was pointed at: a model, an adapter, or an iteration of a run.</summary>
/// <param name="Folder">Of the model or adapter.</param>
/// <param name="Note">Which iteration of a run it is, and why; empty for a model.</param>
internal sealed record ExportSource(string Folder, string Note)
{
    /// <summary>Finds the folder.</summary>
    /// <param name="path">A run folder, a model folder or an adapter's.</param>
    /// <param name="iteration">Of a run; null for its best one.</param>
    /// <exception cref="UsageException">An iteration is asked of a model.</exception>
    /// <exception cref="InvalidDataException">There is nothing to export there.</exception>
    internal static ExportSource Of(string path, int? iteration)
    {
        if (File.Exists(Path.Combine(path, RunLedger.FileName)))
        {
            return OfRun(path, iteration);
        }

        if (iteration is not null)
        {
            throw new UsageException($"--iteration is {iteration}, expected none: {path} is not a run folder.");
        }

        return AdapterFolder.IsAdapter(path) || File.Exists(Path.Combine(path, "config.json"))
            ? new ExportSource(path, "")
            : throw new InvalidDataException(
                $"{path} has no {RunLedger.FileName}, config.json or {AdapterFolder.ConfigName}, expected a run folder, a model's or an adapter's.");
    }

    private static ExportSource OfRun(string path, int? wanted)
    {
        using var ledger = RunLedger.Open(path);
        int last = 0;
        while (IsFinished(ledger, last + 1))
        {
            last++;
        }

        if (last == 0)
        {
            throw new InvalidDataException($"{path} has no finished iteration, expected one: let the run go on, or export its base model.");
        }

        if (wanted is < 1 || wanted > last)
        {
            throw new UsageException($"--iteration is {wanted}, expected 1 to {last}: what {path} has finished.");
        }

        if (wanted is { } one)
        {
            return Policy(ledger, one, $"iteration {one} of {last}");
        }

        int best = BestIteration.Of(ledger.Measures, last);
        if (best == 0)
        {
            throw new InvalidDataException(
                $"{path}: the base model has the best validation reward, expected an iteration; name one with --iteration, or export the base model.");
        }

        bool isMeasured = ledger.Measures.Read(best).ContainsKey(Measure.ValidationReward);
        return Policy(
            ledger, best,
            isMeasured ? $"iteration {best} of {last}, the best by validation reward" : $"iteration {best} of {last}, the last; no validation reward was measured");
    }

    private static ExportSource Policy(RunLedger ledger, int iteration, string note)
    {
        string folder = ledger.Paths.Policy(iteration);
        return Directory.Exists(folder) ? new ExportSource(folder, note) : throw new InvalidDataException(
            $"{folder} is missing, expected the policy of {note}: was it deleted?");
    }

    /// <summary>Whether an iteration, or a stage of a training run, is finished.</summary>
    private static bool IsFinished(RunLedger ledger, int iteration) =>
        ledger.Phases.IsComplete(iteration, MStep.Phase) || ledger.Phases.IsComplete(iteration, StagedTraining.Phase);
}
