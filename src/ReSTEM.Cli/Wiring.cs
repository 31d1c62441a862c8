using ReSTEM.Managed;

namespace ReSTEM.Cli;

/// <summary>Puts the parts together.</summary>
internal static class Wiring
{
    /// <summary>The managed engine.</summary>
    internal static ManagedPolicyLoader Loader(int threads, int slots = 0) =>
        new(new EngineOptions { Threads = ThreadCount(threads), Slots = slots == 0 ? null : slots });

    /// <summary>0 is every processor.</summary>
    internal static int ThreadCount(int threads) =>
        InputOutput.InRange("threads", threads, 0, 1024) == 0 ? Environment.ProcessorCount : threads;
}
