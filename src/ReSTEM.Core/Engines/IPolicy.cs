namespace ReSTEM.Core;

/// <summary>A language model to draw from.</summary>
public interface IPolicy : IDisposable
{
    /// <summary>What this policy is.</summary>
    PolicyFingerprint Fingerprint { get; }

    /// <summary>
    /// Draws a completion for each request and gives them back as they finish. Requests are pulled as slots come free;
    /// the tokens of one do not depend on the others. A slow consumer slows the drawing down.
    /// </summary>
    /// <exception cref="ArgumentException">A prompt leaves no room in the context for one token.</exception>
    /// <exception cref="ObjectDisposedException">The policy is closed.</exception>
    IAsyncEnumerable<Completion> SampleAsync(IEnumerable<SampleRequest> requests, CancellationToken cancellationToken);

    /// <summary>
    /// Log-probabilities of given sequences: for each, element t is log p(ids[t] | ids[..t]) in nats, element 0 is 0.
    /// </summary>
    /// <exception cref="ArgumentException">A sequence is empty or longer than the context.</exception>
    /// <exception cref="ObjectDisposedException">The policy is closed.</exception>
    IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken);
}
