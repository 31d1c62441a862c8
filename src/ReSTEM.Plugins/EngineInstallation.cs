using ReSTEM.Core;

namespace ReSTEM.Plugins;

/// <summary>How an engine is installed.</summary>
public enum EngineState
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>A file is missing or not as it was installed.</summary>
    Damaged,

    /// <summary>It was built from other sources than those of the checkout now.</summary>
    Outdated,

    /// <summary>It is whole and of the checkout's sources.</summary>
    Ready,
}

/// <summary>An engine as it is installed, or not.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Folder">Where it is, or would be.</param>
/// <param name="State">Whether it can be loaded.</param>
/// <param name="Fault">What is wrong, in words without a stop; empty for <see cref="EngineState.Ready"/>.</param>
/// <param name="Library">The library that computes, with its version; empty where that is not known.</param>
public sealed record EngineInstallation(EngineKind Kind, string Folder, EngineState State, string Fault, string Library)
{
    /// <summary>Looks at the folder of an engine.</summary>
    /// <param name="checkout">Where engines are.</param>
    /// <param name="kind">Which.</param>
    /// <param name="hashes">Whether contents of files are compared too, and not sizes only: seconds for large libraries.</param>
    /// <exception cref="EngineException">The checkout lacks sources of the engine.</exception>
    public static EngineInstallation Look(Checkout checkout, EngineKind kind, bool hashes)
    {
        string folder = checkout.FolderOf(kind);
        if (!Directory.Exists(folder))
        {
            return new EngineInstallation(kind, folder, EngineState.Absent, $"the engine {kind.Name} is not installed", "");
        }

        try
        {
            var manifest = EngineManifest.Read(folder);
            return manifest.Name != kind.Name ? Bad(EngineState.Damaged, $"the engine {kind.Name} is damaged: {folder} holds the engine {manifest.Name}", manifest.Library)
                : manifest.Fault(folder, hashes) is { } fault ? Bad(EngineState.Damaged, $"the engine {kind.Name} is damaged: {fault}", manifest.Library)
                : manifest.Sources != EngineSources.Digest(checkout, kind)
                ? Bad(EngineState.Outdated, $"the engine {kind.Name} was built from other sources of ReSTEM than those that are here", manifest.Library)
                : new EngineInstallation(kind, folder, EngineState.Ready, "", manifest.Library);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Bad(EngineState.Damaged, $"the engine {kind.Name} is damaged: {fault.Message.TrimEnd('.')}", "");
        }

        EngineInstallation Bad(EngineState state, string fault, string library) => new(kind, folder, state, OneLine(fault), OneLine(library));
    }

    /// <summary>Refuses an engine that cannot be loaded, with the command that mends it.</summary>
    /// <exception cref="EngineException">It is not there, damaged or outdated.</exception>
    public void ThrowUnlessReady()
    {
        if (State is not EngineState.Ready)
        {
            throw new EngineException($"{Fault}, expected it {(State is EngineState.Absent ? "to be" : "as it is built here")}; {Remedy}.");
        }
    }

    /// <summary>A damaged list of files may hold any character.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(static character => char.IsControl(character) ? ' ' : character));

    /// <summary>What mends it, for people.</summary>
    public string Remedy => $"{(State is EngineState.Absent ? "install it" : "install it again")}: {Kind.AddCommand}";
}
