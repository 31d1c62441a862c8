using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Plugins;

namespace ReSTEM.IntegrationTests;

/// <summary>A checkout of its own whose engines are stubs: they compute as the managed engine does, on devices that a test describes.</summary>
internal sealed class StubCheckout : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("restem-checkout-").FullName;
    private readonly Checkout _checkout;

    internal StubCheckout()
    {
        File.WriteAllText(Path.Combine(_folder, "ReSTEM.sln"), "");
        Directory.CreateDirectory(Path.Combine(_folder, "engines"));
        File.WriteAllText(Path.Combine(_folder, "engines", "torch.csproj"), "<Project />");
        _checkout = new Checkout(_folder);
    }

    /// <summary>Lets the program take its engines from here.</summary>
    internal (string Name, string Value)[] Environment => [(Checkout.Variable, _folder)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A file of an installed engine.</summary>
    internal string PathOf(string engine, string file) => Path.Combine(_checkout.FolderOf(EngineKind.Named(engine)!), file);

    /// <summary>A source of the engines that changed after they were built.</summary>
    internal void ChangeSources() => File.WriteAllText(Path.Combine(_folder, "engines", "torch.csproj"), "<Project></Project>");

    /// <summary>Installs a stub, in the place of what was there.</summary>
    /// <param name="engine">Of libtorch: <c>torch-cpu</c> or <c>torch-cuda</c>.</param>
    /// <param name="devices">Beside the processor.</param>
    /// <param name="isDeterministic">Whether it promises equal bits.</param>
    /// <param name="lackedFamily">A family that it lacks; empty for none.</param>
    internal void Install(string engine, EngineDevice[]? devices = null, bool isDeterministic = true, string lackedFamily = "")
    {
        EngineKind kind = EngineKind.Named(engine)!;
        string folder = _checkout.FolderOf(kind);
        NewFolder.Delete(folder);
        NewFolder.Create(folder);
        string built = Path.Combine(Restem.Root, "artifacts", "bin", "ReSTEM.StubEngine", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        File.Copy(Path.Combine(built, "ReSTEM.Torch.dll"), Path.Combine(folder, "ReSTEM.Torch.dll"));
        var all = devices ?? [];
        File.WriteAllText(Path.Combine(folder, "stub.json"), JsonSerializer.Serialize(new
        {
            Name = engine,
            Library = "stub 1",
            Deterministic = isDeterministic,
            LackedFamily = lackedFamily,
            Devices = all.Prepend(new EngineDevice("cpu", "a processor", 64L << 30, 64L << 30, [EngineDtype.Float32])),
        }));
        EngineManifest.Of(engine, EngineSources.Digest(_checkout, kind), "stub 1", folder).Write(folder);
    }

    /// <summary>A card that a test describes.</summary>
    internal static EngineDevice Card(long memoryMegabytes, long freeMegabytes) =>
        new("cuda:0", "a card", memoryMegabytes << 20, freeMegabytes << 20, [EngineDtype.Float32]);
}
