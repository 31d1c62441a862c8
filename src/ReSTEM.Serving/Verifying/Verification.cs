namespace ReSTEM.Serving;

/// <summary>Judges a row as <c>restem verify</c> takes it, and gives the row that it writes; one that cannot be read is Unsupported.</summary>
/// <param name="row">JSON, one line.</param>
/// <param name="line">Its number, from 1, for messages.</param>
/// <param name="cancellationToken">Abandons it.</param>
public delegate Task<string> RowJudge(string row, int line, CancellationToken cancellationToken);

/// <summary>Runs a Python program in the sandbox.</summary>
/// <param name="program">Its source.</param>
/// <param name="input">Its standard input.</param>
/// <param name="cpuSeconds">Processor time that it may take; null for the server's limit.</param>
/// <param name="cancellationToken">Abandons it.</param>
/// <exception cref="InvalidOperationException">The sandbox failed.</exception>
public delegate Task<ProgramRun> ProgramRunner(string program, string input, int? cpuSeconds, CancellationToken cancellationToken);

/// <summary>How a program ended.</summary>
/// <param name="TimedOut">Whether it went over its time.</param>
/// <param name="Fault">The limit that ended it other than time, in words; empty where none did.</param>
/// <param name="ExitCode">Its exit status, or minus the signal that ended it.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">The end of standard error.</param>
public sealed record ProgramRun(bool TimedOut, string Fault, int ExitCode, double Seconds, string Output, string Errors);

/// <summary>What a server judges with.</summary>
/// <param name="Judge">Judges rows.</param>
/// <param name="RunProgram">Runs programs.</param>
/// <param name="MemoryMib">Address space of a run, MiB.</param>
public sealed record Verification(RowJudge Judge, ProgramRunner RunProgram, int MemoryMib);
