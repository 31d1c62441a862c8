using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Remote;

/// <summary>
/// Samples at servers, with the weights of each iteration. What <c>restem serve</c> computes has the bits that its engine gives anywhere: samples are those
/// of a run without servers. Servers of other programs promise none.
/// </summary>
public sealed class RemoteEngine : IEngine, IDisposable
{
    private const int MostRetries = 4; // somebody waits for the work to begin

    private readonly RemoteOptions _options;
    private readonly TimeProvider _time;
    private readonly EndpointPool _pool;
    private readonly IServerDialect _dialect;
    private readonly ModelFolders _folders;

    private RemoteEngine(RemoteOptions options, EndpointPool pool, IServerDialect dialect, EngineFingerprint fingerprint, TimeProvider time, ModelFolders folders)
    {
        (_options, _pool, _dialect, Fingerprint, _time, _folders) = (options, pool, dialect, fingerprint, time, folders);
    }

    /// <inheritdoc/>
    public EngineFingerprint Fingerprint { get; }

    /// <inheritdoc/>
    public EngineCapabilities Capabilities => _dialect.Capabilities;

    /// <inheritdoc/>
    public ITrainer Trainer => throw new NotSupportedException("the engine remote does not train, expected another one that does: engine.train.");

    /// <summary>Asks every server what it computes with.</summary>
    /// <exception cref="EngineException">One does not answer, or they differ.</exception>
    public static RemoteEngine Connect(RemoteOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        Connect(options, time, new ModelFolders(policy => ModelDescription.Of(policy.Folder), PolicyFolder.Resolve, PolicyFolder.WeightsSha256), cancellationToken);

    /// <summary>The same for folders of another kind.</summary>
    internal static RemoteEngine Connect(RemoteOptions options, TimeProvider time, ModelFolders folders, CancellationToken cancellationToken)
    {
        IServerDialect dialect = options.Foreign switch
        {
            { IsLlamaCpp: true } llama => new LlamaCppDialect(llama, folders.Hash),
            { } foreign => new OpenAiDialect(foreign, folders.Hash),
            null => new RestemDialect(options.Batch),
        };
        var pool = new EndpointPool([.. options.Endpoints.Select(address => new Endpoint(address, dialect, options, time))], options.Concurrency, time);
        bool isConnected = false;
        try
        {
            var engine = new RemoteEngine(options, pool, dialect, Agreed(pool, options, time, cancellationToken), time, folders);
            isConnected = true;
            return engine;
        }
        finally
        {
            if (!isConnected)
            {
                pool.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public PolicyRef Resolve(string folder) => _folders.Resolve(folder);

    /// <inheritdoc/>
    public ModelInfo Describe(PolicyRef policy) => _folders.Describe(policy);

    /// <summary>None of this machine: the memory is the servers'.</summary>
    public MemoryEstimate? MemoryOf(PolicyRef policy, MemoryUse use) => new(Sampling: 0, Training: 0, Trained: 0);

    /// <summary>A policy; servers are given its weights with the first question.</summary>
    public IPolicy Open(PolicyRef policy) => new RemotePolicy(new WantedPolicy(policy, _folders.Describe(policy), Fingerprint), _pool, _dialect, _options, _time);

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private static EngineFingerprint Agreed(EndpointPool pool, RemoteOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var found = pool.Endpoints.Select(endpoint =>
        {
            var asking = new CallPipeline<EngineFingerprint>(new EndpointPool([endpoint], 1, time), options with { Retries = Math.Min(options.Retries, MostRetries) }, time);
            return (endpoint.Address, Engine: Task.Run(() => asking.RunAsync((asked, token) => asked.IdentifyAsync(token), cancellationToken), cancellationToken).GetAwaiter().GetResult());
        }).ToList();
        var (first, engine) = found[0];
        return found.FirstOrDefault(other => other.Engine != engine) is ({ } address, { } differs)
            ? throw new EngineException($"{address} computes with {differs.Describe()}, expected {engine.Describe()} as {first}: samples would not be of one function.")
            : engine;
    }
}

/// <summary>What lies in model folders.</summary>
/// <param name="Describe">What is known of a model.</param>
/// <param name="Resolve">Names what lies in a folder.</param>
/// <param name="Hash">SHA-256 of the weights in a folder.</param>
internal sealed record ModelFolders(Func<PolicyRef, ModelInfo> Describe, Func<string, PolicyRef> Resolve, Func<string, string> Hash);
