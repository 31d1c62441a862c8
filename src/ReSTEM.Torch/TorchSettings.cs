using ReSTEM.Core;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>What an engine computes on, and how much at once, with every default put in.</summary>
internal sealed class TorchSettings
{
    /// <summary>Of the arithmetic of sampling and training; raised whenever bits may change.</summary>
    private const string ArithmeticVersion = "1";

    /// <summary>
    /// Counts of rows to try. The libraries compute the rows that are left over from their tiles with other kernels, which round otherwise: tiles of AVX2 have
    /// 6 rows, shared out between threads.
    /// </summary>
    private static readonly int[] ProcessorRows = [64, 48, 72, 96, 192, 384];
    private static readonly int[] CardRows = [256];

    private readonly Lazy<(int Rows, bool Holds)> _pass;

    internal TorchSettings() => _pass = new Lazy<(int, bool)>(FindPass);

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

    /// <summary>
    /// Rows of every forward pass while it samples, whatever the slots: products with other counts of rows round otherwise. The first count with which all
    /// rows of a pass have the same bits; the first who asks waits for a test of the device.
    /// </summary>
    internal int PassRows => TestedRows ?? (RowsToTry(DeviceName) is [int only] ? only : _pass.Value.Rows);

    /// <summary>The rows of a pass as far as they can be told without the test, for predictions of memory.</summary>
    internal int PlannedRows => RowsToTry(DeviceName)[0];

    /// <summary>A count of rows to be tested.</summary>
    internal int? TestedRows { get; init; }

    /// <summary>What bits depend on. The first who asks waits for a test of the device.</summary>
    internal EngineFingerprint Fingerprint => new(
        EngineName,
        $"{ArithmeticVersion}, {LibraryVersion}",
        Type.ToString().ToLowerInvariant(),
        _pass.Value.Holds,
        DeviceKind,
        IsCuda ? "" : FormattableString.Invariant($"{Threads} threads, {PassRows} rows")); // threads share out products, and sums are rounded by part

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
            Slots = settings.Slots ?? RowsToTry(device.Name)[0],
            Notice = settings.Notice,
        };
    }

    private static int[] RowsToTry(string device) => device == "cpu" ? ProcessorRows : CardRows;

    private (int Rows, bool Holds) FindPass()
    {
        int[] all = RowsToTry(DeviceName);
        int found = Array.FindIndex(all, rows => NeighbourTest.Holds(ForTest(rows)));
        return (all[Math.Max(0, found)], found >= 0);
    }

    private TorchSettings ForTest(int rows) => new()
    {
        EngineName = EngineName,
        LibraryVersion = LibraryVersion,
        DeviceKind = DeviceKind,
        DeviceName = DeviceName,
        Type = Type,
        Threads = Threads,
        Slots = rows,
        FreeBytes = FreeBytes,
        KvBytes = KvBytes,
        Notice = Notice,
        TestedRows = rows,
    };
}
