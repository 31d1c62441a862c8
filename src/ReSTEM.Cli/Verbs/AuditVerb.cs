using System.CommandLine;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem audit</c>.</summary>
internal static class AuditVerb
{
    internal static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "A run folder, for example runs/quickstart." };
        var verb = new Command(
            "audit",
            "Compares all that a run has left with what was written: every row of its ledger, every published file.\n\n" +
            "Every start of a run compares the files, and of many samples the latest; this looks at everything.\n\n" +
            "Example: restem audit runs/quickstart")
        {
            run,
        };
        verb.SetAction(parsed => Audit(parsed.GetValue(run)!));
        return verb;
    }

    private static int Audit(string path)
    {
        string database = Path.Combine(path, RunLedger.FileName);
        if (!File.Exists(database))
        {
            throw new UsageException($"{database} does not exist, expected the ledger of a run; give a run folder, for example runs/quickstart.");
        }

        using var held = RunFolder.Hold(path);
        using var ledger = RunLedger.Open(path);
        ledger.Audit();
        Console.WriteLine("ledger      every row is as it was written");
        if (ledger.Files.Faults() is { Count: > 0 } faults)
        {
            throw new InvalidDataException(string.Join('\n', faults));
        }

        Console.WriteLine("files       every published file is as it was written");
        Console.WriteLine($"digest      {ledger.ContentDigest()}");
        return ExitCode.Done;
    }
}
