using System.CommandLine;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem archive</c>.</summary>
internal static class ArchiveVerb
{
    internal static Command Create()
    {
        var run = new RunArguments();
        var through = new Option<int?>("--through") { Description = "The last iteration whose samples are moved; 0 is the base model. Left out, the last one that is finished." };
        var restore = new Option<bool>("--restore") { Description = "Move archived samples back into the ledger, and delete their files." };
        var verb = new Command(
            "archive",
            "Moves the samples of finished iterations out of the ledger of a run, into compressed JSONL files beside it, or back.\n\n" +
            "The run stays what it is: whoever looks at samples, goes on with the run or audits it reads the files too, and its digest is the same.\n\n" +
            "Examples: restem archive runs/quickstart\n          restem archive runs/quickstart --through 1\n          restem archive runs/quickstart --restore");
        run.AddTo(verb, needsConfig: false);
        verb.Options.Add(through);
        verb.Options.Add(restore);
        verb.SetAction((parsed, cancellationToken) =>
        {
            string path = run.Folder(parsed), database = Path.Combine(path, RunLedger.FileName);
            LookedAtRun.ThrowUnlessRun(path);
            long before = new FileInfo(database).Length;
            RunFolder.Rearrange(path, (ledger, hasEnded) =>
            {
                int last = Last(ledger, hasEnded, parsed.GetValue(through));
                int moved = parsed.GetValue(restore) ? Restore(ledger, last, cancellationToken) : Pack(ledger, path, last, cancellationToken);
                if (moved > 0)
                {
                    ledger.Archive.Compact();
                }
            });
            Console.WriteLine($"{RunLedger.FileName}: {Size(new FileInfo(database).Length)}, before {Size(before)}");
            return Task.FromResult(ExitCode.Done);
        });
        return verb;
    }

    /// <summary>Of a run that has not ended the last iteration may still be drawn.</summary>
    private static int Last(RunLedger ledger, bool hasEnded, int? through)
    {
        int begun = ledger.Listing.Draws().Select(draw => draw.Draw.Iteration).DefaultIfEmpty(0).Max(), last = hasEnded ? begun : begun - 1;
        return through is not { } asked ? last
            : asked >= 0 && asked <= last ? asked
            : throw new UsageException(
                $"--through is {asked}, expected an iteration that is finished: {(last < 0 ? "there is none yet" : last == 0 ? "0" : $"0 to {last}")}.");
    }

    private static int Pack(RunLedger ledger, string path, int last, CancellationToken cancellationToken)
    {
        var archived = ledger.Archive.Draws().Select(draw => draw.Draw).ToHashSet();
        int moved = 0;
        foreach (DrawListing draw in ledger.Listing.Draws().Where(draw => draw.Draw.Iteration <= last && draw.Samples > 0 && !archived.Contains(draw.Draw)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ledger.Samples.Count(draw.Draw).Failed is > 0 and var failed)
            {
                Console.WriteLine($"{draw.Draw.Name} of iteration {draw.Draw.Iteration} stays: its verifier failed on {failed:N0} samples, which are judged again when the run goes on");
                continue;
            }

            ArchivedDraw done = ledger.Archive.Pack(draw.Draw);
            Console.WriteLine($"{done.Path}: {done.Counts.Drawn:N0} samples, {Size(new FileInfo(Path.Combine(path, done.Path)).Length)}");
            moved++;
        }

        return moved;
    }

    private static int Restore(RunLedger ledger, int last, CancellationToken cancellationToken)
    {
        int moved = 0;
        foreach (ArchivedDraw draw in ledger.Archive.Draws().Where(draw => draw.Draw.Iteration <= last))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ledger.Archive.Restore(draw);
            Console.WriteLine($"{draw.Path}: {draw.Counts.Drawn:N0} samples back in {RunLedger.FileName}");
            moved++;
        }

        return moved;
    }

    private static string Size(long bytes) => bytes < 1 << 20 ? $"{bytes / 1024.0:N0} KiB" : $"{bytes / 1048576.0:N1} MiB";
}
