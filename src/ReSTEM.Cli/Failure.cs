using System.Text.RegularExpressions;
using ReSTEM.Core;
using ReSTEM.Runs;
using ReSTEM.Sandbox;

namespace ReSTEM.Cli;

/// <summary>Faults as people and programs see them.</summary>
internal static partial class Failure
{
    /// <summary>Prints <c>error: ...</c> lines to standard error, with <c>--json</c> an object to standard output, and gives the exit code.</summary>
    /// <param name="fault">What happened.</param>
    /// <param name="command">What was asked for.</param>
    /// <param name="interrupted">Whether the user stopped it.</param>
    internal static int Report(Exception fault, CommandTraits command, bool interrupted)
    {
        Exception cause = fault is AggregateException aggregate ? aggregate.GetBaseException() : fault;
        if (cause is OperationCanceledException && interrupted)
        {
            string stays = cause is InterruptedWorkException told ? told.Message
                : command.Resumes ? "what was done is committed; the same command goes on from there."
                : "nothing was written; the same command begins anew.";
            Console.Error.WriteLine($"interrupted: {stays}");
            return Tell(command, ExitCode.Interrupted, [$"interrupted: {stays}"]);
        }

        string[] lines = [.. Lines(cause, command.Resumes).Select(Plain)];
        foreach (string line in lines)
        {
            Console.Error.WriteLine($"error: {line}");
        }

        if (command.Debug)
        {
            Console.Error.WriteLine(fault);
        }

        return Tell(command, cause is ConfigException or UsageException ? ExitCode.Usage : ExitCode.Failed, lines);
    }

    /// <summary>With <c>--json</c> the one object that standard output gets when there is no result: status, exit code, errors.</summary>
    /// <returns>The exit code.</returns>
    internal static int Tell(CommandTraits command, int exit, IReadOnlyList<string> errors)
    {
        if (command.Json)
        {
            Console.WriteLine(RowWriter.Text(new
            {
                status = exit == ExitCode.Interrupted ? "interrupted" : "failed",
                exit,
                error = errors.Count > 0 ? errors[0] : "",
                errors,
            }));
        }

        return exit;
    }

    /// <summary>A fault as one line for people, where it does not end the program.</summary>
    internal static string Line(Exception fault) => string.Join("; ", Lines(fault, resumes: false).Select(Plain));

    /// <summary>Why a file cannot be read or written, in a few words without its path.</summary>
    internal static string Reason(Exception fault) => fault switch
    {
        UnauthorizedAccessException => "permission denied",
        DirectoryNotFoundException => "its folder does not exist",
        FileNotFoundException => "it does not exist",
        _ => PathAtEnd().Replace(fault.Message, "").TrimEnd('.', ' '),
    };

    /// <summary>That a file is missing, called as people call it who work in its folder or above.</summary>
    internal static string Missing(FileNotFoundException fault)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, fault.FileName!);
        return $"{(relative.StartsWith("..", StringComparison.Ordinal) ? fault.FileName : relative)} does not exist, expected a file.";
    }

    /// <summary>A message without what only a programmer can read in it.</summary>
    internal static string Plain(string message)
    {
        string text = ParameterName().Replace(message, "");
        text = NoJson().Replace(text, "there is nothing in it");
        return JsonPlace().Replace(text, place => $" (line {int.Parse(place.Groups[1].ValueSpan, null) + 1}, byte {int.Parse(place.Groups[2].ValueSpan, null) + 1})");
    }

    private static IEnumerable<string> Lines(Exception cause, bool resumes) => cause switch
    {
        IOException { Message: var message } when message.StartsWith("No space left", StringComparison.Ordinal) =>
        [
            $"{message.TrimEnd('.')}: the disk is full. " +
            (resumes ? "What was committed is kept; free some space and start the same command again." : "Free some space and start the same command again."),
        ],
        IOException { Message: var message } when message.StartsWith("Broken pipe", StringComparison.Ordinal) =>
            ["the program that reads the output ended before all of it was written."],
        IOException { Message: var message } when message.StartsWith("Input/output error", StringComparison.Ordinal) =>
            [$"{message.TrimEnd('.')}: the disk reports a fault. {(resumes ? "What was committed is kept; look" : "Look")} at the disk (dmesg), then start the same command again."],
        ConfigException config => config.Issues.Select(issue => issue.ToString()),
        FileNotFoundException { FileName.Length: > 0 } missing => [Missing(missing)],
        UnauthorizedAccessException denied when QuotedPath().Match(denied.Message) is { Success: true } path =>
            [$"{path.Groups[1].Value} cannot be read or written: permission denied, or it is a folder."],
        DirectoryNotFoundException missing when QuotedPath().Match(missing.Message) is { Success: true } path =>
            [$"{path.Groups[1].Value} does not exist, nor does its folder."],
        UsageException or InvalidDataException or InvalidOperationException or NotSupportedException or IOException or UnauthorizedAccessException
            or ArgumentException or ArithmeticException or SandboxException or EngineException => [cause.Message],
        _ => [$"internal fault: {cause.GetType().Name}: {cause.Message} (run again with --debug to see where)"],
    };

    [GeneratedRegex(@" \(Parameter '[^']*'\)")]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"The input does not contain any JSON tokens\. Expected the input to start with a valid JSON token, when isFinalBlock is true\.?")]
    private static partial Regex NoJson();

    [GeneratedRegex(@"\.?(?: Path: \S+ \|)? LineNumber: (\d+) \| BytePositionInLine: (\d+)\.?")]
    private static partial Regex JsonPlace();

    [GeneratedRegex(@"\s*:? '[^']*'\.?$")]
    private static partial Regex PathAtEnd();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex QuotedPath();
}
