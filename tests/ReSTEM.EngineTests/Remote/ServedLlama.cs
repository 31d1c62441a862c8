using System.Diagnostics;
using System.Text.Json.Nodes;
using ReSTEM.Models;
using ReSTEM.Remote;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>
/// llama.cpp behind the interface of its own server, as a process. It is built by the first test that wants it: its packages are 150 MB and no part of the build.
/// </summary>
internal sealed class ServedLlama : IDisposable
{
    internal const string Name = "quickstart";

    private static readonly Lazy<(string? Missing, string? Fault)> Built = new(Build);

    private readonly Process _process;

    private ServedLlama(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Why it cannot be had here; null where it can.</summary>
    internal static string? MissingReason => Built.Value.Missing;

    /// <summary>The program.</summary>
    internal static string Program => Built.Value.Fault is { } fault ? throw new InvalidOperationException(fault) : Path.Combine(
        SharedData.RepositoryRoot, "artifacts", "bin", "ReSTEM.LlamaServer", "llama", "ReSTEM.LlamaServer");

    /// <summary>The quickstart's small trained model, with a tokenizer that cuts text as GPT-2's does: llama.cpp does not know the quickstart's own way.</summary>
    internal static string Base { get; } = WriteBase();

    internal Uri Address { get; }

    /// <summary>What a server of weights has to be called.</summary>
    internal static string AliasOf(string folder) => $"{Name}-{ModelFolder.WeightsSha256(folder)[..16]}";

    /// <summary>Writes the base model as a file for llama.cpp.</summary>
    internal static string Export(string file)
    {
        using StoredModel weights = ModelFolder.Open(Base);
        GgufModel.Write(file, weights, Base, GgufType.F32);
        return file;
    }

    internal static ServedLlama Start(string file, string? alias = null, int port = 0)
    {
        var start = new ProcessStartInfo(Program, ["--model", file, "--alias", alias ?? AliasOf(Base), "--port", $"{port}"]) { RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        string line = process.StandardOutput.ReadLine() ?? "";
        Assert.StartsWith("listening on ", line, StringComparison.Ordinal);
        return new ServedLlama(process, new Uri(line["listening on ".Length..]));
    }

    internal static RemoteEngine Connect(params Uri[] endpoints) => Connect(Options(endpoints));

    internal static RemoteEngine Connect(RemoteOptions options) => RemoteEngine.Connect(options, TimeProvider.System, CancellationToken.None);

    internal static RemoteOptions Options(params Uri[] endpoints) => new()
    {
        Endpoints = endpoints,
        Foreign = new ForeignServer { IsLlamaCpp = true, Model = Name },
        Concurrency = 2,
        Retries = 20,
        FirstPause = TimeSpan.FromMilliseconds(1),
        LongestPause = TimeSpan.FromMilliseconds(20),
        Break = TimeSpan.FromMilliseconds(500),
    };

    /// <summary>Ends it without warning.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string WriteBase()
    {
        var place = new ScratchFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => place.Dispose();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "configs", "quickstart", "base")))
        {
            File.Copy(file, place.File(Path.GetFileName(file)));
        }

        JsonNode tokenizer = JsonNode.Parse(File.ReadAllText(place.File("tokenizer.json")))!;
        tokenizer["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true };
        File.WriteAllText(place.File("tokenizer.json"), tokenizer.ToJsonString());
        return place.Path;
    }

    private static (string? Missing, string? Fault) Build()
    {
        string output = Path.Combine(SharedData.RepositoryRoot, "artifacts", "bin", "ReSTEM.LlamaServer", "llama");
        var start = new ProcessStartInfo(
            "dotnet", ["build", Path.Combine(SharedData.RepositoryRoot, "tests", "ReSTEM.LlamaServer"), "-c", "Release", "--nologo", "-o", output, "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A program that was started by a build tells its children which build tools to take.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        bool isUnreachable = new[] { "NU1101", "NU1102", "NU1301", "NU1302" }.Any(code => said.Contains(code, StringComparison.Ordinal));
        return process.ExitCode == 0 ? (null, null)
            : isUnreachable ? ("left out: the packages of llama.cpp (LLamaSharp.Backend.Cpu) cannot be had here", null)
            : (null, said);
    }
}

/// <summary>A test that needs llama.cpp; skipped with the reason where its packages cannot be had.</summary>
internal sealed class LlamaFactAttribute : FactAttribute
{
    public LlamaFactAttribute() => Skip = ServedLlama.MissingReason;
}

/// <summary>A theory that needs llama.cpp.</summary>
internal sealed class LlamaTheoryAttribute : TheoryAttribute
{
    public LlamaTheoryAttribute() => Skip = ServedLlama.MissingReason;
}
