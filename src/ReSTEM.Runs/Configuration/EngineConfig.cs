using System.ComponentModel.DataAnnotations;
using System.Runtime.Serialization;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>What computes models.</summary>
public enum EngineName
{
    /// <summary>built in, any processor, the same bits everywhere.</summary>
    Managed,

    /// <summary>libtorch on the processor; samples and trains.</summary>
    [EnumMember(Value = "torch-cpu")]
    TorchCpu,

    /// <summary>libtorch on graphics cards; samples and trains.</summary>
    [EnumMember(Value = "torch-cuda")]
    TorchCuda,

    /// <summary>ONNX Runtime on the processor; samples only.</summary>
    [EnumMember(Value = "onnx-cpu")]
    OnnxCpu,

    /// <summary>ONNX Runtime on graphics cards; samples only.</summary>
    [EnumMember(Value = "onnx-cuda")]
    OnnxCuda,

    /// <summary>servers that `restem serve` runs; samples only.</summary>
    Remote,
}

/// <summary>What computes models, and how its work is spread.</summary>
public sealed record EngineConfig
{
    /// <summary>Which engine; all but `managed` and `remote` are installed first, with `restem engine add NAME`.</summary>
    public EngineName Name { get; init; } = EngineName.Managed;

    /// <summary>What it computes on, `cpu` or `cuda:N` with N from 0; without it the first card for an engine of graphics cards, else the processor.</summary>
    [RegularExpression("cpu|cuda:[0-9]{1,3}")]
    public string? Device { get; init; }

    /// <summary>
    /// What it computes in, `float32` without it. `managed` and engines of libtorch have `bfloat16` too; `managed` samples in `int8` and
    /// then trains in `float32`; ONNX Runtime samples in all but trains in none. In `bfloat16` sums, and what training remembers, are float32.
    /// </summary>
    public EngineDtype? Dtype { get; init; }

    /// <summary>
    /// The engine that trains, where it is another one than samples. It trains on <see cref="Device"/> if that is a card and the engine has
    /// cards, else on its own default; in `bfloat16` where that is <see cref="Dtype"/> and it has it, else in `float32`.
    /// </summary>
    public EngineName? Train { get; init; }

    /// <summary>How its work is spread.</summary>
    [Inline]
    public EngineSpeed Speed { get; init; } = new();

    /// <summary>What the servers of the engine `remote` are.</summary>
    [Inline]
    public RemoteKind Kind { get; init; } = new();

    /// <summary>Where the engine `remote` samples.</summary>
    [Inline]
    public RemoteConfig Remote { get; init; } = new();
}

/// <summary>What the servers of the engine `remote` are. What is not set is no part of a run's identity, so that runs of other engines have none of it.</summary>
public sealed record RemoteKind
{
    /// <summary>Which program serves; `restem` without it.</summary>
    public RemoteServer? Server { get; init; }

    /// <summary>
    /// What servers of another program call the base model; for `server: openai` and `server: llama-cpp`, whose name (`llama-server --alias`) has a dash and the
    /// first 16 digits of the SHA-256 of the weights behind it.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>Whether token ids are made of the text, where servers of another program do not tell them.</summary>
    public bool? Reencode { get; init; }
}

/// <summary>Servers that the engine `remote` samples from. A run may go on with others: what they compute with and on is told by themselves, and compared.</summary>
public sealed record RemoteConfig : IChangesSpeedOnly
{
    /// <summary>Addresses of the servers, each `restem serve --load-from FOLDER`, for example `http://127.0.0.1:8000`; for the engine `remote` alone.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>
    /// Program and arguments that start a server with other weights, for `server: openai` and `server: llama-cpp`; a run that trains adapters needs none. Its environment has
    /// RESTEM_ENDPOINT, RESTEM_MODEL (what the server is to call it), RESTEM_FOLDER and RESTEM_SHA256.
    /// </summary>
    public IReadOnlyList<string> LoadCommand { get; init; } = [];

    /// <summary>Environment variable that holds the servers' API key.</summary>
    public string? ApiKeyEnv { get; init; }

    /// <summary>Requests under way at each server.</summary>
    [Range(1, 1024)]
    public int Concurrency { get; init; } = 8;

    /// <summary>Most samples of a problem that one request asks for.</summary>
    [Range(1, 128)]
    public int Batch { get; init; } = 8;

    /// <summary>How long one request may take, seconds; longer than the longest completion takes.</summary>
    [Range(1, 86_400)]
    public int TimeoutSeconds { get; init; } = 300;

    /// <summary>After how many seconds a request goes to a second server too; the first answer counts.</summary>
    [Range(1, 86_400)]
    public int HedgeSeconds { get; init; } = 60;

    /// <summary>How often a request is asked again, after pauses that grow to half a minute, before the run stops.</summary>
    [Range(0, 1000)]
    public int Retries { get; init; } = 10;

    /// <summary>What is wrong with an address, in words; null when nothing is.</summary>
    public static string? AddressFault(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is ("http" or "https") && uri.AbsolutePath == "/" && uri.Query.Length == 0
            ? null
            : $"'{address}', expected an address without a path, for example http://127.0.0.1:8000.";
}

/// <summary>How the work of an engine is spread. A run may go on with other values, unless the engine's bits depend on them.</summary>
public sealed record EngineSpeed : IChangesSpeedOnly
{
    /// <summary>Threads of the engine; 0 takes every processor.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>Sequences sampled at once; 0 lets the engine choose.</summary>
    [Range(0, 65536)]
    public int Slots { get; init; }
}

/// <summary>Kinds of servers.</summary>
public enum RemoteServer
{
    /// <summary>`restem serve`: the samples of a run without servers.</summary>
    Restem,

    /// <summary>Another program that speaks OpenAI's API with vLLM's extensions; no sample can be replayed.</summary>
    [EnumMember(Value = "openai")]
    OpenAi,

    /// <summary>`llama-server` of llama.cpp, or one with its interface; no sample can be replayed, and `train` scores.</summary>
    [EnumMember(Value = "llama-cpp")]
    LlamaCpp,
}

/// <summary>Engines as the command line and configurations have them.</summary>
public static class EngineNames
{
    /// <summary>Every name, the one that is built in first.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<EngineName>().Select(Of)];

    /// <summary>Whether servers are another program than `restem serve`.</summary>
    public static bool IsForeign(RemoteServer? server) => server is RemoteServer.OpenAi or RemoteServer.LlamaCpp;

    /// <summary>Every name of numbers.</summary>
    public static IReadOnlyList<string> Dtypes { get; } = [.. Enum.GetValues<EngineDtype>().Select(Of)];

    /// <summary>The name of an engine, for example <c>torch-cpu</c>.</summary>
    public static string Of(EngineName name) => ConfigNames.OfMember(name);

    /// <summary>The name of numbers, for example <c>float32</c>.</summary>
    public static string Of(EngineDtype dtype) => ConfigNames.OfMember(dtype);

    /// <summary>The engine of a name; null where there is none.</summary>
    public static EngineName? Parse(string name) =>
        All.Contains(name) ? Enum.GetValues<EngineName>().First(engine => Of(engine) == name) : null;

    /// <summary>The numbers of a name; null where there are none.</summary>
    public static EngineDtype? ParseDtype(string name) =>
        Dtypes.Contains(name) ? Enum.GetValues<EngineDtype>().First(dtype => Of(dtype) == name) : null;
}
