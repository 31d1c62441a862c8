namespace ReSTEM.Cli;

/// <summary>Exit codes, a contract with scripts.</summary>
internal static class ExitCode
{
    /// <summary>The work is done.</summary>
    internal const int Done = 0;

    /// <summary>The work failed.</summary>
    internal const int Failed = 1;

    /// <summary>Bad usage or configuration; nothing was begun.</summary>
    internal const int Usage = 2;

    /// <summary>Stopped by Ctrl-C or a termination signal; the same command goes on.</summary>
    internal const int Interrupted = 130;
}
