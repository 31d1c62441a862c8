using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>
/// Servers of other programs that speak OpenAI's API as vLLM extends it. They promise no bits. Adapters are loaded through vLLM's own path, under a name
/// that has their SHA-256; other weights are served by a command of the user's that starts the server anew. What a server lists as the folder of a model is
/// looked into here, so that its SHA-256 is known before a sample is drawn.
/// </summary>
/// <param name="options">What the servers call their model, and how they get other weights.</param>
/// <param name="hash">SHA-256 of the weights in a folder.</param>
/// <remarks>https://docs.vllm.ai/en/latest/features/lora/, https://docs.vllm.ai/en/latest/serving/openai_compatible_server/</remarks>
internal sealed class OpenAiDialect(ForeignServer options, Func<string, string> hash) : IServerDialect
{
    public EngineCapabilities Capabilities { get; } = new(Training: false, Adapters: true, LogProbabilities: true);

    public string DrawPath => "v1/completions";

    public int MostSamples => 1; // a seed of its own for each

    public bool LosesModels => true;

    public async Task<EngineFingerprint> IdentifyAsync(HttpCalls server, CancellationToken cancellationToken)
    {
        JsonElement[] models = await ModelsAsync(server, cancellationToken);
        if (Find(models, options.Model) is null)
        {
            throw new RemoteException(
                $"it serves {string.Join(", ", models.Select(model => new AnswerFields(model).Text("id")))}, expected {options.Model} (engine.model)", isTransient: false);
        }

        return new EngineFingerprint(
            "openai-api", await VersionAsync(server, cancellationToken), "unknown", Deterministic: false, "servers",
            $"model {options.Model}{(options.Reencodes ? ", token ids re-encoded from texts" : "")}");
    }

    public async Task EnsureAsync(HttpCalls server, WantedPolicy policy, CancellationToken cancellationToken)
    {
        JsonElement[] models = await ModelsAsync(server, cancellationToken);
        if (BaseFault(models, policy) is { } fault)
        {
            models = options.LoadCommand.Count > 0
                ? await RestartAsync(server, policy, cancellationToken)
                : throw new RemoteException($"{fault}; engine.load_command could start it with others", isTransient: false);
        }

        if (policy.Reference.Adapter is not { } adapter || Find(models, NameOf(policy)) is { } loaded && IsAt(loaded, adapter.Folder))
        {
            return;
        }

        ForeignCommand.ThrowUnlessHashed(hash, adapter.Folder, adapter.Sha256);
        await server.PostTextAsync("v1/load_lora_adapter", JsonSerializer.SerializeToUtf8Bytes(
            new { lora_name = NameOf(policy), lora_path = Path.GetFullPath(adapter.Folder) }), cancellationToken);
        if (Find(await ModelsAsync(server, cancellationToken), NameOf(policy)) is not { } now || !IsAt(now, adapter.Folder))
        {
            throw new RemoteException($"it does not list {NameOf(policy)} at {Path.GetFullPath(adapter.Folder)} after it was to load it", isTransient: true);
        }
    }

    public byte[] DrawBody(IReadOnlyList<SampleRequest> batch, WantedPolicy policy) => ForeignMessage.DrawBody(batch.Single(), NameOf(policy));

    public Completion[] ReadDrawn(JsonElement answer, IReadOnlyList<SampleRequest> batch, WantedPolicy policy)
    {
        ThrowUnlessOf(answer, policy);
        return [ForeignMessage.ReadDrawn(answer, batch.Single(), policy.Model, options.Reencodes)];
    }

    public byte[] ScoreBody(IReadOnlyList<IReadOnlyList<int>> sequences, WantedPolicy policy) => ForeignMessage.ScoreBody(sequences, NameOf(policy));

    public float[][] ReadScores(JsonElement answer, IReadOnlyList<IReadOnlyList<int>> sequences, WantedPolicy policy)
    {
        ThrowUnlessOf(answer, policy);
        return ForeignMessage.ReadScores(answer, sequences);
    }

    /// <summary>What the server is to call a policy: other weights never have the same name.</summary>
    private string NameOf(WantedPolicy policy) => policy.Reference.Adapter is { } adapter ? $"restem-{adapter.Sha256[..ForeignServer.NameDigits]}" : options.Model;

    private void ThrowUnlessOf(JsonElement answer, WantedPolicy policy)
    {
        if (new AnswerFields(answer).Text("model") is var model && model != NameOf(policy))
        {
            throw RemoteException.Malformed($"it is of the model {model}, expected {NameOf(policy)}");
        }
    }

    /// <summary>Why what is served under the model's name is not the policy's; null where it is.</summary>
    private string? BaseFault(JsonElement[] models, WantedPolicy policy)
    {
        if (Find(models, options.Model) is not { } model)
        {
            return $"it does not serve {options.Model}";
        }

        return !model.TryGetProperty("root", out JsonElement root) || root.ValueKind is not JsonValueKind.String || root.GetString() is not { } folder || !Directory.Exists(folder)
            ? $"it serves {options.Model} from '{(root.ValueKind is JsonValueKind.String ? root.GetString() : "")}', which is no folder here, expected the model's own folder, so that its SHA-256 can be known"
            : hash(folder) is var actual && actual != policy.Reference.Sha256 ? $"its weights in {folder} are {actual}, expected {policy.Reference.Sha256} ({policy.Reference.Folder})"
            : null;
    }

    private async Task<JsonElement[]> RestartAsync(HttpCalls server, WantedPolicy policy, CancellationToken cancellationToken)
    {
        ForeignCommand.ThrowUnlessHashed(hash, policy.Reference.Folder, policy.Reference.Sha256);
        JsonElement[] models = [];
        await ForeignCommand.ServeAsync(
            options.LoadCommand, server.Address, options.Model, policy.Reference,
            async token => BaseFault(models = await ModelsAsync(server, token), policy), cancellationToken);
        return models;
    }

    internal static async Task<JsonElement[]> ModelsAsync(HttpCalls server, CancellationToken cancellationToken) =>
        new AnswerFields(await server.GetAsync("v1/models", cancellationToken)).List("data");

    private static async Task<string> VersionAsync(HttpCalls server, CancellationToken cancellationToken)
    {
        try
        {
            return new AnswerFields(await server.GetAsync("version", cancellationToken)).Text("version");
        }
        catch (RemoteException fault) when (!fault.IsTransient) // not every program has this path
        {
            return "unknown";
        }
    }

    private static JsonElement? Find(JsonElement[] models, string name) =>
        models.Where(model => new AnswerFields(model).Text("id") == name).Select(model => (JsonElement?)model).FirstOrDefault();

    private static bool IsAt(JsonElement model, string folder) =>
        model.TryGetProperty("root", out JsonElement root) && root.ValueKind is JsonValueKind.String && Path.GetFullPath(root.GetString()!) == Path.GetFullPath(folder);
}
