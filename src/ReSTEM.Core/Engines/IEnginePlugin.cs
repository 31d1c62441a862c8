namespace ReSTEM.Core;

/// <summary>
/// An engine that is installed by itself and loaded when it is asked for. The one public implementation of its assembly has a
/// constructor that takes the folder in which it is installed; it loads no native library before a member is used.
/// </summary>
public interface IEnginePlugin
{
    /// <summary>Version of the library that computes, for example <c>libtorch 2.10.0</c>.</summary>
    /// <exception cref="EngineException">A library is missing or does not load.</exception>
    string LibraryVersion { get; }

    /// <summary>The devices that it can compute on here, the processor first where it can; may be empty.</summary>
    /// <exception cref="EngineException">A library is missing or does not load.</exception>
    IReadOnlyList<EngineDevice> Devices { get; }

    /// <summary>Completes a fresh copy of the engine's files, for example by mending what this system's libraries lack.</summary>
    /// <exception cref="EngineException">It cannot run on this system; the message says what is missing.</exception>
    void Prepare();

    /// <summary>Makes the engine.</summary>
    /// <exception cref="EngineException">A library does not load, or the settings ask for what it has not; the message says what it has.</exception>
    IEngine Open(EngineSettings settings);
}

/// <summary>Something that an engine can compute on.</summary>
/// <param name="Name"><c>cpu</c>, or <c>cuda:N</c>.</param>
/// <param name="Description">For people: processor or card.</param>
/// <param name="MemoryBytes">All of its memory.</param>
/// <param name="FreeBytes">What of it is free now.</param>
/// <param name="Dtypes">What it computes in.</param>
public sealed record EngineDevice(string Name, string Description, long MemoryBytes, long FreeBytes, IReadOnlyList<EngineDtype> Dtypes);

/// <summary>An engine that cannot do what it is asked here. The message is one line: what, why, and what to do.</summary>
public sealed class EngineException : Exception
{
    /// <summary>With its message.</summary>
    public EngineException(string message)
        : base(message)
    {
    }

    /// <summary>With what caused it.</summary>
    public EngineException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
