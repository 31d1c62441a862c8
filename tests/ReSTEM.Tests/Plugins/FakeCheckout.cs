using ReSTEM.Core;
using ReSTEM.Plugins;

namespace ReSTEM.Tests;

/// <summary>A small checkout with one engine that can be installed: no library, no SDK and no network is needed for it.</summary>
internal sealed class FakeCheckout : IDisposable
{
    private const string Traits = """{"Name": "fake-cpu", "Devices": [{"Name": "cpu", "Description": "a processor", "MemoryBytes": 1000, "FreeBytes": 900, "Dtypes": ["Float32"]}]}""";

    private readonly ScratchFolder _scratch = new();

    internal FakeCheckout()
    {
        Write("ReSTEM.sln", "");
        Write("Directory.Build.props", "<Project />");
        Write("engines/engine.props", "<Project />");
        Write("engines/fake.csproj", """<Project><ItemGroup><ProjectReference Include="..\src\Fake\Fake.csproj" /></ItemGroup></Project>""");
        Write("src/Fake/Fake.csproj", "<Project />");
        Write("src/Fake/Code.cs", "// code");
        Checkout = new Checkout(_scratch.Path);
    }

    /// <summary>The engine.</summary>
    internal static EngineKind Kind { get; } = new("fake-cpu", "engines/fake.csproj", "ReSTEM.Torch", "a library", CudaMajor: 0, DownloadBytes: 2_000_000, InstalledBytes: 1_000_000);

    internal Checkout Checkout { get; }

    /// <summary>Where the engine is installed, or would be.</summary>
    internal string Folder => Checkout.FolderOf(Kind);

    /// <summary>Everything below the folder of engines but logs, relative, in order.</summary>
    internal IReadOnlyList<string> Entries =>
    [
        .. Directory.EnumerateFileSystemEntries(Checkout.EnginesFolder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Checkout.EnginesFolder, path)).Where(path => !path.EndsWith(".log", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose() => _scratch.Dispose();

    internal string PathOf(string name) => _scratch.File(name);

    internal void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    /// <summary>What a build of the engine leaves: its assembly, and what it is told by.</summary>
    internal static void Build(string folder, string traits = Traits)
    {
        File.Copy(StubAssembly, Path.Combine(folder, "ReSTEM.Torch.dll"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "stub.json"), traits);
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        File.WriteAllText(Path.Combine(folder, "data", "numbers.bin"), "0123456789");
    }

    /// <summary>Installs the engine as an installation would.</summary>
    internal void Install()
    {
        NewFolder.Create(Folder);
        Build(Folder);
        EngineManifest.Of(Kind.Name, EngineSources.Digest(Checkout, Kind), "stub 1", Folder).Write(Folder);
    }

    /// <summary>How it is installed.</summary>
    internal EngineInstallation Look(bool hashes = true) => EngineInstallation.Look(Checkout, Kind, hashes);

    /// <summary>What is said of it when it cannot be used: one line that names the command which mends it.</summary>
    internal string Refusal(bool hashes = true)
    {
        string message = Assert.Throws<EngineException>(() => Look(hashes).ThrowUnlessReady()).Message;
        Assert.DoesNotContain(message, char.IsControl);
        Assert.EndsWith("restem engine add fake-cpu.", message, StringComparison.Ordinal);
        return message;
    }

    private static string StubAssembly => Path.Combine(
        SharedData.RepositoryRoot, "artifacts", "bin", "ReSTEM.StubEngine", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "ReSTEM.Torch.dll");
}
