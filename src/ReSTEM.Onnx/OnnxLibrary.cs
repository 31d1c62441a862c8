using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ReSTEM.Core;

namespace ReSTEM.Onnx;

/// <summary>The native library, loaded from an engine's folder before anything of it is used.</summary>
internal static class OnnxLibrary
{
    private const string Name = "onnxruntime", FileName = "libonnxruntime.so";

    /// <summary>What the provider for cards is made of, beside the library.</summary>
    private static readonly string[] CardFiles = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];

    private static readonly Lock Lock = new();
    private static string? _loaded;

    /// <summary>Loads the library of a folder; once a process, as its managed half is bound to one.</summary>
    /// <exception cref="EngineException">A file is missing or does not load.</exception>
    internal static void Load(string folder)
    {
        lock (Lock)
        {
            string path = Path.Combine(Path.GetFullPath(folder), FileName);
            if (_loaded == path)
            {
                return;
            }

            if (_loaded is not null)
            {
                throw new EngineException($"{path} cannot be loaded beside {_loaded}, expected one ONNX Runtime in a process.");
            }

            ThrowUnlessThere(path);
            nint handle = LoadFile(path);
            OrtEnv.DisableDllImportResolver = true; // the package's own looks beside the program
            NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, (library, _, _) => library == Name ? handle : 0);
            _loaded = path;
        }
    }

    /// <summary>Whether a folder has the provider for cards.</summary>
    internal static bool HasCards(string folder) => File.Exists(Path.Combine(folder, CardFiles[^1]));

    /// <summary>Refuses a folder without the provider for cards.</summary>
    /// <exception cref="EngineException">A file is missing.</exception>
    internal static void ThrowUnlessCards(string folder)
    {
        foreach (string file in CardFiles)
        {
            ThrowUnlessThere(Path.Combine(folder, file));
        }
    }

    private static nint LoadFile(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException)
        {
            throw new EngineException($"{path} does not load: {OneLine(fault.Message)}; install the engine again with 'restem engine add'.", fault);
        }
    }

    private static void ThrowUnlessThere(string path)
    {
        if (!File.Exists(path))
        {
            throw new EngineException($"{path} is missing, expected ONNX Runtime there; install the engine with 'restem engine add'.");
        }
    }

    /// <summary>A message of the library without its line breaks.</summary>
    internal static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
