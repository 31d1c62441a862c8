using System.Runtime.InteropServices;
using ReSTEM.Core;

namespace ReSTEM.Torch;

/// <summary>The system's loader of shared libraries, asked to make symbols known to all that are loaded later, as .NET's own loading does not.</summary>
internal static partial class NativeLoader
{
    private const int Now = 2; // RTLD_NOW
    private const int Global = 0x100; // RTLD_GLOBAL

    /// <summary>Loads a library for the whole process; one that is loaded already stays as it is.</summary>
    /// <param name="path">With a folder, or a name that the system looks for.</param>
    /// <returns>Its handle, which stays valid.</returns>
    /// <exception cref="EngineException">It does not load.</exception>
    internal static nint Load(string path)
    {
        nint handle = Open(path, Now | Global);
        return handle != 0 ? handle : throw new EngineException($"{path} does not load: {LastError()}");
    }

    /// <summary>The address of a function.</summary>
    /// <exception cref="EngineException">The library has no such function.</exception>
    internal static nint Function(nint library, string name) => NativeLibrary.TryGetExport(library, name, out nint address)
        ? address
        : throw new EngineException($"the function {name} is missing from a library that should have it; it is of another version.");

    /// <summary>The file that a loaded library was read from.</summary>
    /// <exception cref="EngineException">The system has no such library.</exception>
    internal static string PathOf(string library)
    {
        Load(library);
        string? line = File.ReadLines("/proc/self/maps").FirstOrDefault(line => line.EndsWith($"/{library}", StringComparison.Ordinal)
            || line.Contains($"/{library}.", StringComparison.Ordinal));
        return line is null ? throw new EngineException($"{library} is loaded from no file.") : line[line.IndexOf('/', StringComparison.Ordinal)..];
    }

    private static string LastError() => (Marshal.PtrToStringUTF8(Error()) ?? "no reason given").ReplaceLineEndings(" ");

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int mode);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint Error();
}
