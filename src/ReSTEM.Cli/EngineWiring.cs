using System.Runtime.InteropServices;
using ReSTEM.Core;
using ReSTEM.Managed;
using ReSTEM.Plugins;
using ReSTEM.Remote;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>An engine with what it computes on.</summary>
/// <param name="Engine">Computes.</param>
/// <param name="Device">Where it samples.</param>
/// <param name="TrainingDevice">Where it trains.</param>
internal sealed record ChosenEngine(IEngine Engine, EngineDevice Device, EngineDevice TrainingDevice);

/// <summary>Makes engines of configurations: the one place that names concrete ones.</summary>
internal static class EngineWiring
{
    /// <summary>The engine that a configuration asks for.</summary>
    /// <param name="config">What is asked for.</param>
    /// <param name="trains">Whether it must train.</param>
    /// <exception cref="UsageException">It is not installed, does not load, or has not what is asked for.</exception>
    internal static ChosenEngine Create(EngineConfig config, bool trains)
    {
        try
        {
            EngineDtype dtype = config.Dtype ?? EngineDtype.Float32;
            var (sampler, device) = Open(config, config.Name, config.Device, dtype);
            if (!trains || config.Train is null || config.Train == config.Name)
            {
                ThrowUnlessTrains(config, sampler, trains);
                return new ChosenEngine(sampler, device, device);
            }

            EngineName name = config.Train.Value;
            ThrowIfSameLibrary(config.Name, name);
            string? card = config.Device is { } wanted && wanted != Processor && KindOf(name) is { CudaMajor: > 0 } ? wanted : null;
            var (trainer, trainingDevice) = Open(
                config, name, card, dtype is EngineDtype.Bfloat16 ? EngineDtype.Bfloat16 : EngineDtype.Float32);
            ThrowUnlessTrains(config, trainer, trains);
            return new ChosenEngine(new SplitEngine(sampler, trainer), device, trainingDevice);
        }
        catch (EngineException fault) when (config.Name is not EngineName.Remote) // a server that is not there is no fault of the command's
        {
            throw new UsageException(fault.Message);
        }
    }

    /// <summary>The managed engine with all processors: for what every engine gives alike, and to compare others with.</summary>
    internal static IEngine Usual() => Create(new EngineConfig(), trains: false).Engine;

    /// <summary>0 is every processor.</summary>
    internal static int ThreadCount(int threads) => threads == 0 ? Environment.ProcessorCount : threads;

    private const string Processor = "cpu";

    private static (IEngine Engine, EngineDevice Device) Open(EngineConfig config, EngineName name, string? device, EngineDtype dtype)
    {
        if (name is EngineName.Remote)
        {
            return OpenRemote(config);
        }

        var settings = new EngineSettings
        {
            Device = device ?? KindOf(name)?.DefaultDevice ?? Processor,
            Dtype = dtype,
            Threads = ThreadCount(config.Speed.Threads),
            Slots = config.Speed.Slots == 0 ? null : config.Speed.Slots,
            Notice = Console.Error.WriteLine,
        };
        if (KindOf(name) is not { } kind)
        {
            EngineDevice processor = settings.DeviceAmong([ManagedDevice()], EngineNames.Of(name));
            return (new ManagedEngine(new EngineOptions { Dtype = settings.Dtype, Threads = settings.Threads, Slots = settings.Slots }), processor);
        }

        EngineInstallation installation = EngineInstallation.Look(Checkout.Find(), kind, hashes: false);
        installation.ThrowUnlessReady();
        if (settings.Device != Processor)
        {
            CudaRequirements.OfSystem.ThrowIfMissing(kind);
        }

        IEnginePlugin plugin = EngineLoader.Load(kind, installation.Folder);
        IEngine engine = plugin.Open(settings);
        return (engine, plugin.Devices.First(found => found.Name == settings.Device));
    }

    private static (IEngine Engine, EngineDevice Device) OpenRemote(EngineConfig config)
    {
        RemoteConfig remote = config.Remote;
        if (remote.Endpoints.Count == 0)
        {
            throw new UsageException("engine.endpoints is empty, expected the addresses of servers: the engine remote is for configurations that name them.");
        }

        string? key = ApiKeyVariable.Read("engine.api_key_env", remote.ApiKeyEnv);
        RemoteEngine engine = RemoteEngine.Connect(
            new RemoteOptions
            {
                Endpoints = [.. remote.Endpoints.Select(address => new Uri(address))],
                Foreign = EngineNames.IsForeign(config.Kind.Server) && config.Kind.Model is { } model ? new ForeignServer { IsLlamaCpp = config.Kind.Server is RemoteServer.LlamaCpp, Model = model, LoadCommand = remote.LoadCommand, Reencodes = config.Kind.Reencode is true } : null,
                ApiKey = key,
                Concurrency = remote.Concurrency,
                Batch = remote.Batch,
                Timeout = TimeSpan.FromSeconds(remote.TimeoutSeconds),
                HedgeAfter = TimeSpan.FromSeconds(remote.HedgeSeconds),
                Retries = remote.Retries,
                Notice = Console.Error.WriteLine,
            },
            TimeProvider.System, CancellationToken.None);
        return config.Dtype is { } dtype && !EngineNames.IsForeign(config.Kind.Server) && EngineNames.Of(dtype) != engine.Fingerprint.Dtype
            ? throw new UsageException($"engine.dtype is {EngineNames.Of(dtype)}, expected {engine.Fingerprint.Dtype}, which the servers compute in (restem serve --dtype).")
            : (engine, new EngineDevice("servers", string.Join(", ", remote.Endpoints), 0, 0, []));
    }

    private static void ThrowUnlessTrains(EngineConfig config, IEngine engine, bool trains)
    {
        if (trains && !engine.Capabilities.Training)
        {
            string key = config.Train is null ? "engine.name" : "engine.train";
            throw new UsageException(
                $"{key} is {EngineNames.Of(config.Train ?? config.Name)}, expected an engine that trains: that one samples only. Let another train (--set engine.train=torch-cpu, or managed).");
        }
    }

    /// <summary>One process loads one build of a library: the second would get the symbols of the first.</summary>
    private static void ThrowIfSameLibrary(EngineName sampler, EngineName trainer)
    {
        if (KindOf(sampler) is { } first && KindOf(trainer) is { } second && first.Assembly == second.Assembly)
        {
            throw new EngineException(
                $"engine.train is {second.Name} beside engine.name {first.Name}, expected one of them for both: they are two builds of the same library, of which a process loads one.");
        }
    }

    /// <summary>What the managed engine computes in here, and how.</summary>
    internal static string DescribeManaged() =>
        $"managed: built in; cpu, {string.Join(", ", ManagedEngine.Dtypes.Select(EngineNames.Of))} (bfloat16 by {ManagedEngine.BfloatProducts}; int8, which samples only, by {ManagedEngine.ByteProducts})";

    private static EngineDevice ManagedDevice()
    {
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new EngineDevice(Processor, RuntimeInformation.ProcessArchitecture.ToString(), memory, memory, ManagedEngine.Dtypes);
    }

    private static EngineKind? KindOf(EngineName name) => EngineKind.Named(EngineNames.Of(name));
}
