using ReSTEM.Core;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>What an engine computes on, and how much at once, with every default put in.</summary>
internal sealed class TorchSettings
{
    /// <summary>Of the arithmetic of sampling and training; raised whenever bits may change.</summary>
    private const string ArithmeticVersion = "1";

    private const int ProcessorRows = 64;
    private const int CardRows = 256;

    private readonly Lazy<EngineFingerprint> _fingerprint;

    internal TorchSettings() => _fingerprint = new Lazy<EngineFingerprint>(MakeFingerprint);

    /// <summary>Name of the engine.</summary>
    internal required string EngineName { get; init; }

    /// <summary>For example <c>libtorch 2.10.0</c>.</summary>
    internal required string LibraryVersion { get; init; }

    /// <summary>What decides bits of the device: <c>cpu</c> with its widest instructions, or the kind of card.</summary>
    internal required string DeviceKind { get; init; }

    /// <summary><c>cpu</c> or <c>cuda:N</c>.</summary>
    internal required string DeviceName { get; init; }

    /// <summary>Of weights, activations, keys and values while it samples; of activations while it trains.</summary>
    internal required ScalarType Type { get; init; }

    /// <summary>Threads of the processor.</summary>
    internal required int Threads { get; init; }

    /// <summary>Completions drawn at once, if memory allows.</summary>
    internal required int Slots { get; init; }

    /// <summary>What the device had free when the engine was opened, in bytes.</summary>
    internal required long FreeBytes { get; init; }

    /// <summary>Most bytes of keys and values while it samples; null for a share of what is free then.</summary>
    internal long? KvBytes { get; init; }

    /// <summary>Is told, in a sentence, what the user should know.</summary>
    internal required Action<string> Notice { get; init; }

    internal bool IsCuda => DeviceName != "cpu";

    /// <summary>Where tensors lie.</summary>
    internal Device Device => device(DeviceName);

    /// <summary>Rows of every forward pass while it samples, whatever the slots: products with other counts of rows round otherwise.</summary>
    internal int PassRows => RowsOf(DeviceName);

    /// <summary>What bits depend on. The first who asks waits for a test of the device.</summary>
    internal EngineFingerprint Fingerprint => _fingerprint.Value;

    /// <summary>Checks settings against what there is.</summary>
    /// <param name="settings">As asked for.</param>
    /// <param name="devices">What there is.</param>
    /// <param name="engine">Its name.</param>
    /// <param name="libraryVersion">For the fingerprint.</param>
    /// <exception cref="EngineException">They ask for what there is not.</exception>
    internal static TorchSettings Of(EngineSettings settings, IReadOnlyList<EngineDevice> devices, string engine, string libraryVersion)
    {
        var device = settings.DeviceAmong(devices, engine);
        return new TorchSettings
        {
            EngineName = engine,
            LibraryVersion = libraryVersion,
            DeviceKind = device.Name == "cpu" ? Processor.Kind : $"cuda {device.Description}",
            DeviceName = device.Name,
            FreeBytes = device.FreeBytes,
            Type = settings.Dtype is EngineDtype.Bfloat16 ? bfloat16 : float32,
            Threads = settings.Threads,
            Slots = settings.Slots ?? RowsOf(device.Name),
            Notice = settings.Notice,
        };
    }

    private static int RowsOf(string device) => device == "cpu" ? ProcessorRows : CardRows;

    private EngineFingerprint MakeFingerprint() => new(
        EngineName,
        $"{ArithmeticVersion}, {LibraryVersion}",
        Type.ToString().ToLowerInvariant(),
        NeighbourTest.Holds(this),
        DeviceKind,
        IsCuda ? "" : FormattableString.Invariant($"{Threads} threads")); // which share out products, and sums are rounded by part
}
