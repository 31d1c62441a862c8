namespace ReSTEM.Sandbox;

/// <summary>What a start of the sandbox found about itself and the machine.</summary>
/// <param name="Findings">What holds and what does not.</param>
/// <param name="InterpreterVersion">Of the Python that runs submissions, for example <c>3.11.2</c>; empty when no worker starts.</param>
/// <param name="CpuFactor">By what limits of CPU time are multiplied here, from 1; how much slower than the nominal machine this one is.</param>
/// <param name="BytesCopied">Memory that each run gets as copies before it begins, where that costs less than page faults; 0 where the kernel copies page by page.</param>
public sealed record SandboxInspection(IReadOnlyList<SandboxFinding> Findings, string InterpreterVersion, double CpuFactor, long BytesCopied);
