namespace ReSTEM.Core;

/// <summary>A language model to draw from.</summary>
public interface IPolicy : IDisposable
{
    /// <summary>What this policy is.</summary>
    PolicyFingerprint Fingerprint { get; }

    /// <summary>Most tokens that prompt and completion may have together.</summary>
    int ContextLength { get; }

    /// <summary>The token that ends a text; trained on as the last token of every completion.</summary>
    /// <exception cref="InvalidOperationException">The model folder names none.</exception>
    int EndOfTextId { get; }

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="addSpecialTokens">True for a prompt: adds what the tokenizer puts before a text, for example a begin token.</param>
    /// <exception cref="InvalidOperationException">The policy has no tokenizer.</exception>
    IReadOnlyList<int> Encode(string text, bool addSpecialTokens);

    /// <summary>
    /// Draws a completion for each request and gives them back as they finish. Requests are pulled as slots come free;
    /// the tokens of one do not depend on the others. A slow consumer slows the drawing down.
    /// </summary>
    /// <exception cref="ArgumentException">A prompt leaves no room in the context for one token.</exception>
    IAsyncEnumerable<Completion> SampleAsync(IEnumerable<SampleRequest> requests, CancellationToken cancellationToken);

    /// <summary>
    /// Log-probabilities of given sequences: for each, element t is log p(ids[t] | ids[..t]) in nats, element 0 is 0.
    /// </summary>
    IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken);
}

/// <summary>Opens checkpoints as policies.</summary>
public interface IPolicyLoader
{
    /// <summary>Opens a Hugging Face folder.</summary>
    /// <exception cref="InvalidDataException">A file is missing, damaged or does not fit the others.</exception>
    IPolicy Load(string folder);
}
