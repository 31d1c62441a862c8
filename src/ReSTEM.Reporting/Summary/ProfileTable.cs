using System.Globalization;
using ReSTEM.Core;
using Spectre.Console;

namespace ReSTEM.Reporting;

/// <summary>The table at the end of <c>run --profile</c>.</summary>
public static class ProfileTable
{
    /// <summary>What a profile counts, in a sentence.</summary>
    public const string Meaning =
        "Of each phase in the profiled start, the time that was waited for whom: each moment counts for the engine if it was asked for work, else for the verifiers if they judged, else for the ledger if it wrote.";

    /// <summary>Headers of the columns.</summary>
    internal static readonly string[] Columns = ["phase", "time", "engine", "verification", "ledger", "idle"];

    /// <summary>Prints a row per phase and a total.</summary>
    public static void Write(IAnsiConsole console, RunView view, IReadOnlyList<PhaseProfile> phases)
    {
        console.Write(new Paragraph($"\n{Meaning}\n"));
        var rows = Rows(view, phases);
        var table = new SplitTable(console);
        for (int column = 0; column < Columns.Length; column++)
        {
            table.Add(Columns[column], rows.Select(row => new Cell(row[column], Style.Plain)));
        }

        table.Write();
    }

    /// <summary>The cells of each phase and of all together.</summary>
    internal static IReadOnlyList<string[]> Rows(RunView view, IReadOnlyList<PhaseProfile> phases)
    {
        var total = new PhaseProfile(
            0, "", phases.Sum(phase => phase.Engine), phases.Sum(phase => phase.Verification), phases.Sum(phase => phase.Ledger), phases.Sum(phase => phase.Idle));
        return [.. phases.Select(phase => Row($"{view.NameOf(phase.Iteration)}, {phase.Phase}", phase)), Row("total", total)];
    }

    private static string[] Row(string name, PhaseProfile phase) =>
    [
        name, ProgressText.Seconds(phase.Seconds), Share(phase.Engine, phase), Share(phase.Verification, phase), Share(phase.Ledger, phase), Share(phase.Idle, phase),
    ];

    private static string Share(double seconds, PhaseProfile phase) =>
        phase.Seconds <= 0 ? "-" : (seconds / phase.Seconds * 100).ToString("F1", CultureInfo.InvariantCulture) + " %";
}
