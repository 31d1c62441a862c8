using System.Text.Json;
using System.Text.Json.Serialization;
using ReSTEM.Core;

namespace ReSTEM.StubEngine;

/// <summary>An engine that computes as the managed one does, and is what <c>stub.json</c> in its folder says: devices, memory, promises, faults.</summary>
/// <param name="folder">Where it is installed.</param>
public sealed class StubPlugin(string folder) : IEnginePlugin
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly StubTraits _traits = JsonSerializer.Deserialize<StubTraits>(File.ReadAllText(Path.Combine(folder, "stub.json")), Options)!;

    /// <inheritdoc/>
    public string LibraryVersion => _traits.Library;

    /// <inheritdoc/>
    public IReadOnlyList<EngineDevice> Devices => _traits.Devices;

    /// <inheritdoc/>
    public void Prepare()
    {
        if (_traits.PrepareFault.Length > 0)
        {
            throw new EngineException(_traits.PrepareFault);
        }

        File.WriteAllText(Path.Combine(folder, "prepared"), "");
    }

    /// <inheritdoc/>
    public IEngine Open(EngineSettings settings) => new StubEngine(_traits, settings, settings.DeviceAmong(Devices, _traits.Name));
}

/// <summary>What a stub is.</summary>
public sealed record StubTraits
{
    /// <summary>Name of the engine.</summary>
    public string Name { get; init; } = "torch-cpu";

    /// <summary>What computes.</summary>
    public string Library { get; init; } = "stub 1";

    /// <summary>Whether it promises equal bits.</summary>
    public bool Deterministic { get; init; } = true;

    /// <summary>What it computes on.</summary>
    public EngineDevice[] Devices { get; init; } = [];

    /// <summary>Why it cannot run on this system; empty where it can.</summary>
    public string PrepareFault { get; init; } = "";

    /// <summary>A word in the description of models that it lacks; empty for none.</summary>
    public string LackedFamily { get; init; } = "";
}
