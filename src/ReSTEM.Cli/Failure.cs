using ReSTEM.Runs;
using ReSTEM.Sandbox;

namespace ReSTEM.Cli;

/// <summary>Faults as people see them.</summary>
internal static class Failure
{
    /// <summary>Prints <c>error: ...</c> lines to standard error and gives the exit code.</summary>
    internal static int Report(Exception fault, bool debug, CancellationToken interrupted)
    {
        if (fault is OperationCanceledException && interrupted.IsCancellationRequested)
        {
            Console.Error.WriteLine("interrupted: what was done is committed; the same command goes on from there.");
            return ExitCode.Interrupted;
        }

        Exception cause = fault is AggregateException aggregate ? aggregate.GetBaseException() : fault;
        foreach (string line in Lines(cause))
        {
            Console.Error.WriteLine($"error: {line}");
        }

        if (debug)
        {
            Console.Error.WriteLine(fault);
        }

        return cause is ConfigException or UsageException ? ExitCode.Usage : ExitCode.Failed;
    }

    private static IEnumerable<string> Lines(Exception cause) => cause switch
    {
        IOException { Message: var message } when message.StartsWith("No space left", StringComparison.Ordinal) =>
            [$"{message.TrimEnd('.')}: the disk is full. What was committed is kept; free some space and start the same command again."],
        IOException { Message: var message } when message.StartsWith("Input/output error", StringComparison.Ordinal) =>
            [$"{message.TrimEnd('.')}: the disk reports a fault. What was committed is kept; look at the disk (dmesg), then start the same command again."],
        ConfigException config => config.Issues.Select(issue => issue.ToString()),
        UsageException or InvalidDataException or InvalidOperationException or IOException or UnauthorizedAccessException
            or ArgumentException or ArithmeticException or SandboxException => [cause.Message],
        _ => [$"internal fault: {cause.GetType().Name}: {cause.Message} (run again with --debug to see where)"],
    };
}
