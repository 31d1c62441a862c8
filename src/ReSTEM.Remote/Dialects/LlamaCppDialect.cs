using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>
/// Servers of llama.cpp. They serve one file and say nothing of what is in it but the name that they were given (<c>--alias</c>), so that the name has to hold
/// the SHA-256 of the weights that the file was made of. They score no given text, and promise no bits.
/// </summary>
/// <param name="options">What the name begins with, and what starts a server with other weights.</param>
/// <param name="hash">SHA-256 of the weights in a folder.</param>
/// <remarks>https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md</remarks>
internal sealed class LlamaCppDialect(ForeignServer options, Func<string, string> hash) : IServerDialect
{
    public EngineCapabilities Capabilities { get; } = new(Training: false, Adapters: false, LogProbabilities: false);

    public string DrawPath => "completion";

    public int MostSamples => 1; // a seed of its own for each

    public bool LosesModels => false;

    public async Task<EngineFingerprint> IdentifyAsync(HttpCalls server, CancellationToken cancellationToken)
    {
        string name = await NameAsync(server, cancellationToken);
        if (!name.StartsWith(options.Model + "-", StringComparison.Ordinal))
        {
            throw new RemoteException($"it serves {name}, expected {options.Model}-SHA256 (engine.model, and the first {ForeignServer.NameDigits} digits of the weights' SHA-256): llama-server --alias", isTransient: false);
        }

        string build = new AnswerFields(await server.GetAsync("props", cancellationToken)).Text("build_info");
        return new EngineFingerprint("llama.cpp", build, "unknown", Deterministic: false, "servers", $"model {options.Model}");
    }

    public async Task EnsureAsync(HttpCalls server, WantedPolicy policy, CancellationToken cancellationToken)
    {
        if (policy.Reference.Adapter is not null)
        {
            throw new RemoteException("engine.server llama-cpp serves no adapters, expected a run that trains all weights", isTransient: false);
        }

        if (Fault(await NameAsync(server, cancellationToken), policy) is not { } fault)
        {
            return;
        }

        if (options.LoadCommand.Count == 0)
        {
            throw new RemoteException($"{fault}; engine.load_command could start it with others", isTransient: false);
        }

        ForeignCommand.ThrowUnlessHashed(hash, policy.Reference.Folder, policy.Reference.Sha256);
        await ForeignCommand.ServeAsync(
            options.LoadCommand, server.Address, NameOf(policy), policy.Reference, async token => Fault(await NameAsync(server, token), policy), cancellationToken);
    }

    public byte[] DrawBody(IReadOnlyList<SampleRequest> batch, WantedPolicy policy) => LlamaCppMessage.DrawBody(batch.Single());

    public Completion[] ReadDrawn(JsonElement answer, IReadOnlyList<SampleRequest> batch, WantedPolicy policy) =>
        Fault(new AnswerFields(answer).Text("model"), policy) is { } fault
            ? throw new RemoteException(fault, isTransient: true)
            : [LlamaCppMessage.ReadDrawn(answer, batch.Single(), policy.Model)];

    public byte[] ScoreBody(IReadOnlyList<IReadOnlyList<int>> sequences, WantedPolicy policy) => throw NoScores();

    public float[][] ReadScores(JsonElement answer, IReadOnlyList<IReadOnlyList<int>> sequences, WantedPolicy policy) => throw NoScores();

    private static NotSupportedException NoScores() =>
        new("servers of llama.cpp tell no log-probabilities of given texts, expected another engine for them: engine.train.");

    private string NameOf(WantedPolicy policy) => $"{options.Model}-{policy.Reference.Sha256[..ForeignServer.NameDigits]}";

    private string? Fault(string name, WantedPolicy policy) => name == NameOf(policy) ? null
        : $"it serves {name}, expected {NameOf(policy)}, the weights of {policy.Reference.Folder}";

    private static async Task<string> NameAsync(HttpCalls server, CancellationToken cancellationToken) =>
        (await OpenAiDialect.ModelsAsync(server, cancellationToken)) is [var model]
            ? new AnswerFields(model).Text("id")
            : throw RemoteException.Malformed("v1/models has not one model, expected that of one llama-server");
}
