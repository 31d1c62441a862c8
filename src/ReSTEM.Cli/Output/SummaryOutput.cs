using ReSTEM.Reporting;
using Spectre.Console;

namespace ReSTEM.Cli;

/// <summary>A summary on standard output.</summary>
internal static class SummaryOutput
{
    internal static void Write(RunSummary summary, bool json)
    {
        if (json)
        {
            Console.WriteLine(SummaryJson.Write(summary));
        }
        else
        {
            SummaryTable.Write(Console.IsOutputRedirected ? SummaryTable.Piped(Console.Out) : AnsiConsole.Console, summary);
        }
    }
}
