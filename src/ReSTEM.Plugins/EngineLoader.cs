using System.Reflection;
using ReSTEM.Core;

namespace ReSTEM.Plugins;

/// <summary>Loads installed engines.</summary>
public static class EngineLoader
{
    /// <summary>Loads the engine that lies in a folder. None of its native libraries is loaded yet.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="folder">Its folder.</param>
    /// <exception cref="EngineException">What is there is no engine.</exception>
    public static IEnginePlugin Load(EngineKind kind, string folder)
    {
        string path = Path.Combine(folder, kind.Assembly + ".dll");
        try
        {
            var context = new EngineLoadContext(kind.Name, folder);
            Assembly assembly = context.LoadFromAssemblyName(new AssemblyName(kind.Assembly));
            Type[] plugins = [.. assembly.GetExportedTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IEnginePlugin)))];
            return plugins is [var plugin]
                ? (IEnginePlugin)Activator.CreateInstance(plugin, folder)!
                : throw new EngineException($"{path} has {plugins.Length} public implementations of {nameof(IEnginePlugin)}, expected one; install it again: {kind.AddCommand}.");
        }
        catch (TargetInvocationException fault) when (fault.InnerException is EngineException inner)
        {
            throw inner;
        }
        catch (Exception fault) when (fault is IOException or BadImageFormatException or TypeLoadException or ReflectionTypeLoadException
            or MissingMethodException or TargetInvocationException)
        {
            string reason = (fault.InnerException ?? fault).Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
            throw new EngineException($"the engine {kind.Name} is damaged: {path} does not load ({reason}); install it again: {kind.AddCommand}.", fault);
        }
    }
}
