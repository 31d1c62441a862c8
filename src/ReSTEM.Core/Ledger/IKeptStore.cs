namespace ReSTEM.Core;

/// <summary>What the E-steps kept.</summary>
public interface IKeptStore
{
    /// <summary>Records what an iteration keeps, instead of what an earlier start left; for people also as <c>kept.jsonl</c>.</summary>
    /// <param name="iteration">From 1.</param>
    /// <param name="kept">In order; taken one at a time.</param>
    /// <param name="cancellationToken">Stops; the record is then not to be used.</param>
    Task WriteAsync(int iteration, IAsyncEnumerable<KeptSample> kept, CancellationToken cancellationToken);

    /// <summary>The kept samples of an iteration in order, read a part at a time.</summary>
    IEnumerable<KeptSample> Read(int iteration);

    /// <summary>Those of one problem, in order.</summary>
    IReadOnlyList<KeptSample> Read(int iteration, string problemId);
}
