using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Torch;

/// <summary>The folder that the engine is installed in: which libraries lie there, and what this system needs besides.</summary>
internal sealed class TorchFolder(string folder)
{
    internal const string Wrapper = "libLibTorchSharp.so";

    private const string CppLibrary = "libstdc++.so.6";
    private const string StreamsVersion = "GLIBCXX_3.4.32"; // of std::ios_base_library_init()
    private const int SystemFaultsShown = 3;

    /// <summary>What mends a damaged folder.</summary>
    internal const string Remedy = "Install the engine again: restem engine remove NAME, then restem engine add NAME.";

    internal string Folder => folder;

    /// <summary>Whether libraries for CUDA are there.</summary>
    internal bool HasCuda => File.Exists(PathOf("libtorch_cuda.so"));

    /// <summary>The name that the engine is installed under.</summary>
    internal string EngineName => HasCuda ? "torch-cuda" : "torch-cpu";

    /// <summary>What to load, in this order: each finds those that it needs among those before it.</summary>
    /// <exception cref="EngineException">A file is missing.</exception>
    internal IReadOnlyList<string> LibrariesInOrder()
    {
        string[] required = ["libc10.so", "libtorch_cpu.so", .. HasCuda ? new[] { "libc10_cuda.so", "libtorch_cuda.so" } : [], "libtorch.so", Wrapper];
        string[] missing = [.. required.Append(CompatibilityLibrary.FileName).Where(name => !File.Exists(PathOf(name)))];
        return missing.Length == 0
            ? [PathOf(CompatibilityLibrary.FileName), .. OpenMp(), .. required.Select(PathOf)]
            : throw new EngineException($"{folder} lacks {string.Join(", ", missing)}. {Remedy}");
    }

    /// <summary>Writes what this system lacks. A file is put in another's place whole, never written to: it may be a hard link to a package's.</summary>
    /// <exception cref="EngineException">A library is missing or damaged, or this system is too old for it.</exception>
    internal void Prepare()
    {
        if (!File.Exists(PathOf(Wrapper)))
        {
            throw new EngineException($"{folder} lacks {Wrapper}. {Remedy}");
        }

        AtomicFile.Write(PathOf(CompatibilityLibrary.FileName), stream => stream.Write(CompatibilityLibrary.Build()));
        WeakenWrapper();
    }

    /// <summary>
    /// The wrapper was built with GCC 13, for one symbol of whose libstdc++ the loader refuses it on a system with an older one; the symbol itself is
    /// in the compatibility library.
    /// </summary>
    private void WeakenWrapper()
    {
        string path = PathOf(Wrapper), system = NativeLoader.PathOf(CppLibrary);
        byte[] wrapper = File.ReadAllBytes(path);
        byte[] available = File.ReadAllBytes(system);
        string[] lacking = [.. VersionNeeds.Strong(wrapper, path, CppLibrary).Where(version => !Holds(available, version))];
        if (lacking.Length == 0)
        {
            return;
        }

        string[] others = [.. lacking.Where(static version => version != StreamsVersion)];
        if (others.Length > 0)
        {
            throw new EngineException(
                $"{system} lacks {string.Join(", ", others.Take(SystemFaultsShown))}, which {Wrapper} needs; this system's C++ library is too old for the engine, expected that of GCC 12 or later.");
        }

        VersionNeeds.Weaken(wrapper, path, StreamsVersion);
        AtomicFile.Write(path, stream => stream.Write(wrapper));
    }

    private static bool Holds(ReadOnlySpan<byte> library, string version) =>
        library.IndexOf(Encoding.ASCII.GetBytes($"\0{version}\0")) >= 0;

    private string[] OpenMp() => [.. Directory.GetFiles(folder, "libgomp*.so*").Order(StringComparer.Ordinal)];

    private string PathOf(string name) => Path.Combine(folder, name);
}
