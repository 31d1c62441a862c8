using System.CommandLine;
using System.CommandLine.Help;
using ReSTEM.Cli.Verbs;

namespace ReSTEM.Cli;

/// <summary>Builds the verbs, runs the one asked for, and turns every fault into one clear line and an exit code.</summary>
internal static class CommandLine
{
    private static readonly Option<bool> Debug = new("--debug")
    {
        Description = "Show the stack trace of a failure.",
        Recursive = true,
    };

    internal static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("ReSTEM lets a language model train itself on problems whose answers can be checked (ReST-EM).")
        {
            Debug,
            RunVerb.Create(), SweepVerb.Create(), EvalVerb.Create(), ClassifyVerb.Create(), SampleVerb.Create(), LogprobVerb.Create(), VerifyVerb.Create(),
            TokenizeVerb.Create(), TrainVerb.Create(), TrainJobVerb.Create(), ShardVerb.Create(), SynthVerb.Create(), CompareDataVerb.Create(), InitVerb.Create(), CheckVerb.Create(), AuditVerb.Create(), ArchiveVerb.Create(), ExportVerb.Create(), ConvertVerb.Create(),
            SamplesVerb.Create(), ShowVerb.Create(), ReplayVerb.Create(), ReportVerb.Create(), CompareVerb.Create(), DashboardVerb.Create(), ServeVerb.Create(), EngineVerb.Create(), DoctorVerb.Create(),
        };
        ParseResult parsed = root.Parse(args);
        var command = CommandTraits.Of(parsed, args);
        if (command.Verb.Length == 0)
        {
            // The list of verbs has a sentence for each; its own help has the rest.
            root.Subcommands.ToList().ForEach(verb => verb.Description = verb.Description!.Split("\n\n")[0]);
        }

        if (args.Length == 0)
        {
            // Help, but where a script that meant to say a verb does not take it for the result.
            await root.Parse("--help").InvokeAsync(new InvocationConfiguration { Output = Console.Error });
            return ExitCode.Usage;
        }

        if (parsed.Action is not HelpAction && UsageText.Of(parsed) is { Count: > 0 } faults)
        {
            foreach (string message in faults)
            {
                await Console.Error.WriteLineAsync($"error: {message}");
            }

            await Console.Error.WriteLineAsync($"See `restem {(command.Verb.Length > 0 ? command.Verb + " " : "")}--help`.");
            return Failure.Tell(command, ExitCode.Usage, faults);
        }

        using var interruption = new Interruption();
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                interruption.Token);
        }
        catch (Exception fault)
        {
            // The one boundary of the program: what arrives here becomes a message and an exit code.
            return Failure.Report(fault, command, interruption.Token.IsCancellationRequested);
        }
    }
}
