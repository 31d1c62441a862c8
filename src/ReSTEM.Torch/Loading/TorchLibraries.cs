using System.Runtime.InteropServices;
using ReSTEM.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>Loads libtorch from the engine's folder, once for the process, before the first use of TorchSharp.</summary>
internal static class TorchLibraries
{
    private static readonly Lock Loading = new();
    private static string? _loadedFrom;

    /// <summary>Loads what lies in a folder; done twice it does nothing.</summary>
    /// <exception cref="EngineException">A library is missing, damaged, or of another system; or another libtorch is loaded already.</exception>
    internal static void Load(TorchFolder folder)
    {
        lock (Loading)
        {
            if (_loadedFrom is not null)
            {
                ThrowIfOther(_loadedFrom, folder);
                return;
            }

            ThrowUnlessRuns();
            ThrowIfLoadedElsewhere(folder);
            nint wrapper = 0;
            foreach (string path in folder.LibrariesInOrder())
            {
                wrapper = LoadOne(path);
            }

            LetTorchSharpFind(wrapper);
            _loadedFrom = folder.Folder;
        }
    }

    private static void ThrowUnlessRuns()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new EngineException(
                $"this is {RuntimeInformation.OSDescription} on {RuntimeInformation.ProcessArchitecture}, expected Linux on X64: that is what the engine's libraries are built for.");
        }
    }

    private static nint LoadOne(string path)
    {
        try
        {
            return NativeLoader.Load(path);
        }
        catch (EngineException fault)
        {
            throw new EngineException($"{fault.Message}. {TorchFolder.Remedy}", fault);
        }
    }

    /// <summary>
    /// TorchSharp looks for libraries by name, first beside its own assembly and then in the packages' cache, from which it would copy them; it is told
    /// what is loaded.
    /// </summary>
    private static void LetTorchSharpFind(nint wrapper)
    {
        NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, (name, _, _) => name is "LibTorchSharp" ? wrapper : 0);
        if (!TryInitializeDeviceType(DeviceType.CPU))
        {
            throw new EngineException($"TorchSharp {typeof(torch).Assembly.GetName().Version} does not take the libraries that are loaded. {TorchFolder.Remedy}");
        }
    }

    /// <summary>Another engine of this process may have brought its own: two would share symbols by name.</summary>
    private static void ThrowIfLoadedElsewhere(TorchFolder folder)
    {
        const string Library = "/libtorch_cpu.so";
        string? line = File.ReadLines("/proc/self/maps").FirstOrDefault(static line => line.EndsWith(Library, StringComparison.Ordinal));
        if (line is not null)
        {
            ThrowIfOther(line[line.IndexOf('/', StringComparison.Ordinal)..^Library.Length], folder);
        }
    }

    private static void ThrowIfOther(string loaded, TorchFolder folder)
    {
        if (Path.GetFullPath(loaded) != Path.GetFullPath(folder.Folder))
        {
            throw new EngineException(
                $"libtorch is loaded from {loaded}, expected from {folder.Folder}: a process holds one. Use {folder.EngineName} for sampling and training.");
        }
    }
}
