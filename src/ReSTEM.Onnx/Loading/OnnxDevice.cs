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

    /// <summary>Reads a device's name.</summary>
    /// <exception cref="EngineException">It is no device.</exception>
    internal static OnnxDevice Parse(EngineSettings settings) => settings.Device switch
    {
        "cpu" => new OnnxDevice(null, settings.Threads),
        var name when name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan("cuda:".Length), System.Globalization.NumberStyles.None, null, out int number) => new OnnxDevice(number, settings.Threads),
        var name => throw new EngineException($"engine.device is '{name}', expected cpu or cuda:N."),
    };
}
