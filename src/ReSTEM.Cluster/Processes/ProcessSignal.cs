using System.Runtime.InteropServices;

namespace ReSTEM.Cluster;

/// <summary>Signals to processes, for which .NET has no call but for SIGKILL.</summary>
internal static partial class ProcessSignal
{
    /// <summary>SIGTERM.</summary>
    internal const int Terminate = 15;

    /// <summary>SIGKILL.</summary>
    internal const int Kill = 9;

    /// <summary>Sends one; a process that has ended is passed over.</summary>
    /// <param name="process">Its id; negative for all processes of a group.</param>
    /// <param name="signal">Which.</param>
    internal static void Send(int process, int signal) => _ = SendSignal(process, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
