using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>Makes engines of configurations: the one place that names concrete ones.</summary>
internal static class EngineWiring
{
    /// <summary>The engine that a configuration asks for.</summary>
    internal static IEngine Create(EngineConfig config) => config.Name switch
    {
        EngineName.Managed => new ManagedEngine(new EngineOptions
        {
            Threads = ThreadCount(config.Speed.Threads),
            Slots = config.Speed.Slots == 0 ? null : config.Speed.Slots,
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(config), config.Name, "expected an engine that exists."),
    };

    /// <summary>The usual engine, for verbs that have no configuration.</summary>
    internal static IEngine Create(int threads) => Create(new EngineConfig
    {
        Speed = new EngineSpeed { Threads = InputOutput.InRange("--threads", threads, 0, 1024) },
    });

    /// <summary>0 is every processor.</summary>
    internal static int ThreadCount(int threads) => threads == 0 ? Environment.ProcessorCount : threads;
}
