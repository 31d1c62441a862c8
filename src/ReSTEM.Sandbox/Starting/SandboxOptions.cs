namespace ReSTEM.Sandbox;

/// <summary>How the sandbox is set up on this machine.</summary>
public sealed record SandboxOptions
{
    /// <summary>Workers that run submissions at the same time; about one per core. As many again, mostly idle, run test code.</summary>
    public int WorkerCount { get; init; } = Environment.ProcessorCount;

    /// <summary>What each run may use.</summary>
    public SandboxLimits Limits { get; init; } = new();

    /// <summary>
    /// Layers to do without, by name and on the user's own responsibility. A layer that is missing without being named here
    /// makes the sandbox refuse to start; one that is named is noted on every verdict.
    /// </summary>
    public SandboxLayers GivenUp { get; init; }

    /// <summary>The system's own Python 3.10 or later; not a version manager's shim, which costs half a second a start.</summary>
    public string PythonPath { get; init; } = "/usr/bin/python3";

    /// <summary>
    /// Importable names of third-party packages that submissions may use, for example <c>numpy</c>; the system's own, from
    /// <c>/usr/lib/python3/dist-packages</c>. They are loaded ahead of every run; one that is missing stops the start.
    /// </summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>The bubblewrap program.</summary>
    public string BubblewrapPath { get; init; } = "/usr/bin/bwrap";

    /// <summary>The user that root starts workers as; has no rights on anything. Ignored when not root.</summary>
    public int UnprivilegedUserId { get; init; } = 65534;

    /// <summary>Runs after which a worker is replaced, from 1.</summary>
    public int RunsPerWorker { get; init; } = 10_000;

    /// <summary>When a run gets its own copy of the zygote's memory ahead; a matter of speed alone.</summary>
    internal PageCopying PageCopying { get; init; }

    /// <summary>Whether a program that workers are started with is not installed.</summary>
    public bool ProgramIsMissing => !File.Exists(PythonPath)
        || (!GivenUp.HasFlag(SandboxLayers.Namespaces) && !File.Exists(BubblewrapPath))
        || (Environment.IsPrivilegedProcess && !File.Exists(WorkerCommand.SetPrivileges));
}
