using System.CommandLine;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem audit</c>.</summary>
internal static class AuditVerb
{
    internal static Command Create()
    {
        var run = new RunArguments();
        var filesOnly = new Option<bool>("--files-only") { Description = "Compare ledger and files, and judge nothing: for machines without the problems or the sandbox." };
        var verb = new Command(
            "audit",
            "Compares all that a run has left with what was written: every row of its ledger, every file of its folder. Then judges every sample again " +
            "with the verifiers of today, and shows what would change: verdicts, kept sets, measures.\n\n" +
            "Exit code 0 if nothing differs; 1 if something does. The run is left as it is.\n\n" +
            "Examples: restem audit runs/quickstart\n          restem audit runs/quickstart --files-only");
        run.AddTo(verb, needsConfig: true);
        verb.Options.Add(filesOnly);
        verb.SetAction((parsed, cancellationToken) => AuditAsync(run, parsed, parsed.GetValue(filesOnly), cancellationToken));
        return verb;
    }

    private static async Task<int> AuditAsync(RunArguments arguments, ParseResult parsed, bool filesOnly, CancellationToken cancellationToken)
    {
        string path = arguments.Folder(parsed);
        LookedAtRun.ThrowUnlessRun(path);
        using var held = RunFolder.Hold(path);
        IReadOnlyList<string> faults = RunSums.Exist(path) ? RunSums.Faults(path) : []; // before the ledger is opened, which it is one of
        using LookedAtRun run = arguments.Open(parsed);
        run.Ledger.Audit();
        Line("ledger", "every row is as it was written");
        faults = [.. faults.Concat(run.Ledger.Files.Faults()).Distinct()];
        if (faults.Count > 0)
        {
            throw new InvalidDataException(string.Join('\n', faults));
        }

        Files(path);
        bool isSame = filesOnly || !IsRun(path) || await JudgeAsync(run, cancellationToken);
        Line("digest", run.Ledger.ContentDigest());
        return isSame ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Files(string path)
    {
        if (!RunSums.Exist(path))
        {
            Line("files", $"every published file is as it was written; the others cannot be compared before the run has ended and written {RunSums.FileName}");
            return;
        }

        Line("files", "every file is as it was written");
        foreach (string stranger in RunSums.Strangers(path))
        {
            Line("", $"{stranger} came after the run ended: it is not compared");
        }
    }

    /// <summary>A training by itself has a ledger and no verdicts.</summary>
    private static bool IsRun(string path)
    {
        string config = Path.Combine(path, RunFolder.ResolvedConfigName);
        return !File.Exists(config) || ConfigFile.KindOf(config) is not (ConfigKind.Train or ConfigKind.Synth);
    }

    private static async Task<bool> JudgeAsync(LookedAtRun run, CancellationToken cancellationToken)
    {
        RunPlan plan = run.SamePlan(cancellationToken);
        await using var verifiers = await Verifiers.CreateAsync(plan, cancellationToken);
        var audit = new SampleAudit(run, plan, verifiers.Verifier);
        bool isSame = await audit.JudgeAsync(Line, cancellationToken);
        return await audit.RecomputeAsync(Line, cancellationToken) && isSame;
    }

    private static void Line(string name, string value) => Console.WriteLine($"{name,-12}{value}");
}
