namespace ReSTEM.Cli;

/// <summary>The command line asks for something that cannot be; ends with exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
