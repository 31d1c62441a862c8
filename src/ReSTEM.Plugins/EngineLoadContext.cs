using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace ReSTEM.Plugins;

/// <summary>
/// The assemblies of one engine. What the program itself has is taken from there, so that both speak of the same types; all else comes
/// from the engine's folder, so that engines never meet.
/// </summary>
internal sealed class EngineLoadContext(string name, string folder) : AssemblyLoadContext(name)
{
    private static readonly HashSet<string> OfProgram =
    [
        .. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator).Select(path => Path.GetFileNameWithoutExtension(path)),
    ];

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return OfProgram.Contains(assemblyName.Name!) || !File.Exists(path) ? null : LoadFromAssemblyPath(path);
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (string file in new[] { unmanagedDllName, $"lib{unmanagedDllName}.so", $"{unmanagedDllName}.so" })
        {
            string path = Path.Combine(folder, file);
            if (File.Exists(path) && NativeLibrary.TryLoad(path, out nint library))
            {
                return library;
            }
        }

        return 0; // the engine has loaded it in a way of its own, or the system has it
    }
}
