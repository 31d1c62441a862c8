using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>How servers of one kind are asked. Safe for several threads.</summary>
internal interface IServerDialect
{
    /// <summary>What servers of this kind can do.</summary>
    EngineCapabilities Capabilities { get; }

    /// <summary>Where completions are asked for.</summary>
    string DrawPath { get; }

    /// <summary>Most samples of one prompt that one request may ask for.</summary>
    int MostSamples { get; }

    /// <summary>Whether a server that was started anew answers 404 until it is given again what it had.</summary>
    bool LosesModels { get; }

    /// <summary>What a server computes with.</summary>
    /// <exception cref="RemoteException">There is no usable answer.</exception>
    Task<EngineFingerprint> IdentifyAsync(HttpCalls server, CancellationToken cancellationToken);

    /// <summary>Sees to it that a server has a policy, and checks that it has.</summary>
    /// <exception cref="RemoteException">It has not, and cannot be given it.</exception>
    Task EnsureAsync(HttpCalls server, WantedPolicy policy, CancellationToken cancellationToken);

    /// <summary>Asks for completions.</summary>
    /// <param name="batch">Of one prompt and one way to draw; at most <see cref="MostSamples"/>.</param>
    /// <param name="policy">What must answer.</param>
    byte[] DrawBody(IReadOnlyList<SampleRequest> batch, WantedPolicy policy);

    /// <summary>Reads them.</summary>
    /// <exception cref="RemoteException">The answer is not what was asked for, or of another policy.</exception>
    Completion[] ReadDrawn(JsonElement answer, IReadOnlyList<SampleRequest> batch, WantedPolicy policy);

    /// <summary>Asks for log-probabilities.</summary>
    /// <exception cref="NotSupportedException">Servers of this kind tell none.</exception>
    byte[] ScoreBody(IReadOnlyList<IReadOnlyList<int>> sequences, WantedPolicy policy);

    /// <summary>Reads them.</summary>
    /// <exception cref="RemoteException">The answer is not what was asked for, or of another policy.</exception>
    float[][] ReadScores(JsonElement answer, IReadOnlyList<IReadOnlyList<int>> sequences, WantedPolicy policy);
}
