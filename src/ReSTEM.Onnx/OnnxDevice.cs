using Microsoft.ML.OnnxRuntime;
using ReSTEM.Core;

namespace ReSTEM.Onnx;

/// <summary>What sessions are laid out for.</summary>
/// <param name="CardNumber">From 0; null for the processor.</param>
/// <param name="Threads">Of the processor.</param>
internal sealed record OnnxDevice(int? CardNumber, int Threads)
{
    /// <summary>The name of the library for memory of a card.</summary>
    private const string CardMemory = "Cuda";

    internal bool IsCard => CardNumber is not null;

    /// <summary>Options of a session; the caller disposes them.</summary>
    internal SessionOptions Options()
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = Threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", GraphBuilder.DataFolder);
        if (CardNumber is { } number)
        {
            using var card = new OrtCUDAProviderOptions();
            card.UpdateOptions(new Dictionary<string, string>
            {
                ["device_id"] = number.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["use_tf32"] = "0",
                ["arena_extend_strategy"] = "kSameAsRequested",
            });
            options.AppendExecutionProvider_CUDA(card);
        }

        return options;
    }

    /// <summary>Where keys and values lie.</summary>
    internal OrtMemoryInfo MemoryInfo() => CardNumber is { } number
        ? new OrtMemoryInfo(CardMemory, OrtAllocatorType.DeviceAllocator, number, OrtMemType.Default)
        : OrtMemoryInfo.DefaultInstance;

    /// <summary>The device that settings name, which are known to name one.</summary>
    internal static OnnxDevice Of(EngineSettings settings)
    {
        string[] parts = settings.Device.Split(':');
        return new OnnxDevice(parts.Length == 1 ? null : int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), settings.Threads);
    }
}
