using System.Net;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>
/// Servers of <c>restem serve</c>: they load weights by SHA-256, answer only for weights that are named, and draw samples by the address of their random
/// numbers, so that nothing depends on which of them answers.
/// </summary>
/// <param name="batch">Most samples of a request.</param>
internal sealed class RestemDialect(int batch) : IServerDialect
{
    public EngineCapabilities Capabilities { get; } = new(Training: false, Adapters: true, LogProbabilities: true);

    public string DrawPath => "v1/completions";

    public int MostSamples => batch;

    public bool LosesModels => false;

    public async Task<EngineFingerprint> IdentifyAsync(HttpCalls server, CancellationToken cancellationToken) =>
        (await ModelAsync(server, cancellationToken) ?? throw new RemoteException("it has no model, expected restem serve --model DIR", isTransient: true)).Engine;

    public async Task EnsureAsync(HttpCalls server, WantedPolicy policy, CancellationToken cancellationToken)
    {
        ServedIdentity? has = await ModelAsync(server, cancellationToken);
        if (has?.Weights != policy.Weights)
        {
            has = ServedIdentity.Of(await LoadAsync(server, policy, cancellationToken));
        }

        policy.ThrowUnlessIs(has);
    }

    public byte[] DrawBody(IReadOnlyList<SampleRequest> batch, WantedPolicy policy) => DrawMessage.Body(batch, policy);

    public Completion[] ReadDrawn(JsonElement answer, IReadOnlyList<SampleRequest> batch, WantedPolicy policy)
    {
        policy.ThrowUnlessIs(ServedIdentity.Of(answer));
        return DrawMessage.Read(answer, batch, policy.Model);
    }

    public byte[] ScoreBody(IReadOnlyList<IReadOnlyList<int>> sequences, WantedPolicy policy) => ScoreMessage.Body(sequences, policy);

    public float[][] ReadScores(JsonElement answer, IReadOnlyList<IReadOnlyList<int>> sequences, WantedPolicy policy)
    {
        policy.ThrowUnlessIs(ServedIdentity.Of(answer));
        return ScoreMessage.Read(answer, sequences);
    }

    private static async Task<ServedIdentity?> ModelAsync(HttpCalls server, CancellationToken cancellationToken) =>
        ServedIdentity.OfModels(await server.GetAsync("v1/models", cancellationToken));

    private static async Task<JsonElement> LoadAsync(HttpCalls server, WantedPolicy policy, CancellationToken cancellationToken)
    {
        try
        {
            return await server.PostAsync("v1/restem/load", policy.LoadBody(), cancellationToken);
        }
        catch (RemoteException fault) when (!fault.IsTransient || fault.Status is HttpStatusCode.Conflict)
        {
            throw new RemoteException(
                $"it cannot be given the weights in {policy.Folder} ({fault.Message}); start it with --load-from and the folder that the run's checkpoints lie in", isTransient: false, cause: fault);
        }
    }
}
