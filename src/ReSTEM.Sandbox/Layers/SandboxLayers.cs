namespace ReSTEM.Sandbox;

/// <summary>The independent walls between a submission and the machine.</summary>
[Flags]
public enum SandboxLayers
{
    /// <summary>No wall.</summary>
    None = 0,

    /// <summary>
    /// User, process, network, file system, IPC, host name and cgroup namespaces (bubblewrap), with a process namespace per run.
    /// </summary>
    Namespaces = 1,

    /// <summary>An allow-list of system calls per run: no new processes, sockets, signals, mounts.</summary>
    Seccomp = 2,

    /// <summary>Limits of CPU time, memory, stack, file size, open files and threads per run.</summary>
    Limits = 4,

    /// <summary>Everything; what a submission runs under unless layers are given up by name.</summary>
    All = Namespaces | Seccomp | Limits,
}
