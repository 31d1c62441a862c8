using System.Globalization;
using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Sandbox;

/// <summary>Gives a run that went wrong its verdict and reason code.</summary>
internal static partial class RunFailure
{
    /// <summary>The verdict for a run that a limit or a signal ended; null when it ended by itself.</summary>
    public static CodeJudgement? OfEnd(RunOutcome run)
    {
        string reason = run switch
        {
            { End: RunEnd.Stopped } => "", // by the host, when the other side of a conversation had ended
            { End: RunEnd.WallLimit } => "wall-limit",
            { End: RunEnd.OutputLimit } => "output-limit",
            { End: RunEnd.CpuLimit } => "cpu-limit",
            { End: RunEnd.MemoryLimit } => "memory-limit",
            { Signal: > 0 } => "crash",
            _ => "",
        };
        return reason switch
        {
            "" => null,
            "crash" => new CodeJudgement(Verdict.Incorrect, reason).With("signal", run.Signal.ToString(CultureInfo.InvariantCulture)),
            _ => new CodeJudgement(Verdict.LimitExceeded, reason),
        };
    }

    /// <summary>The verdict for an exception, by the submission's own account.</summary>
    /// <param name="type">Name of the exception type.</param>
    /// <param name="message">Its message.</param>
    public static CodeJudgement OfException(string type, string message)
    {
        var judgement = type switch
        {
            "MemoryError" => new CodeJudgement(Verdict.LimitExceeded, "memory-limit"),
            "TooLarge" => new CodeJudgement(Verdict.LimitExceeded, "output-limit"),
            "SyntaxError" or "IndentationError" or "TabError" => new CodeJudgement(Verdict.Incorrect, "syntax-error"),
            "NoPlainValue" => new CodeJudgement(Verdict.Incorrect, "no-plain-value"),
            "NotTransferable" => new CodeJudgement(Verdict.Unsupported, "needs-remote-object"),
            "SystemExit" => new CodeJudgement(Verdict.Incorrect, "early-exit"),
            _ when IsForbidden(type, message) => new CodeJudgement(Verdict.Incorrect, "forbidden-call"),
            _ => new CodeJudgement(Verdict.Incorrect, "exception"),
        };
        if (type == "ModuleNotFoundError" && MissingPackage(message) is { } package)
        {
            judgement = new CodeJudgement(Verdict.Unsupported, "missing-package").With("package", package);
        }

        return judgement.With("exception", type).With("message", PyText.Shorten(message, 300));
    }

    /// <summary>The verdict for an exception message of a child; a malformed one counts as a malformed answer.</summary>
    public static CodeJudgement OfMessage(ReadOnlySpan<byte> encoded)
    {
        var value = PyCodec.Decode(encoded);
        return value.Items is [{ Kind: PyKind.Text } type, { Kind: PyKind.Text } message, ..]
            ? OfException(type.Text, message.Text)
            : throw new InvalidDataException("Exception is no pair of texts.");
    }

    /// <summary>The verdict for the traceback of a program that ended with a status other than 0.</summary>
    public static CodeJudgement OfProgram(RunOutcome run)
    {
        string last = run.StandardError.TrimEnd().Split('\n')[^1];
        string type = last.Split(':')[0].Trim();
        return type.Length > 0 && type.All(character => char.IsLetterOrDigit(character) || character is '_' or '.')
            ? OfException(type, last[Math.Min(last.Length, type.Length + 1)..].Trim())
            : new CodeJudgement(Verdict.Incorrect, "exit-status").With("status", run.ExitStatus.ToString(CultureInfo.InvariantCulture));
    }

    // "No module named 'a'", and not 'a.b': then a is there.
    private static string? MissingPackage(string message)
    {
        var name = Missing().Match(message);
        return name.Success ? name.Groups[1].Value : null;
    }

    [GeneratedRegex(@"^No module named '(\w+)'")]
    private static partial Regex Missing();

    private static bool IsForbidden(string type, string message) =>
        type == "PermissionError" || (type is "OSError" or "RuntimeError" && message.Contains("Operation not permitted", StringComparison.Ordinal));
}
