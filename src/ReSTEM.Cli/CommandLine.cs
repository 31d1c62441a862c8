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
            RunVerb.Create(), EvalVerb.Create(), SampleVerb.Create(), LogprobVerb.Create(), VerifyVerb.Create(),
            TokenizeVerb.Create(), TrainVerb.Create(), InitVerb.Create(), CheckVerb.Create(), ExportVerb.Create(), ConvertVerb.Create(), DoctorVerb.Create(),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
            {
                await Console.Error.WriteLineAsync($"error: {message}");
            }

            string verb = parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ";
            await Console.Error.WriteLineAsync($"See `restem {verb}--help`.");
            return ExitCode.Usage;
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
            return Failure.Report(fault, parsed.GetValue(Debug), interruption.Token);
        }
    }
}
