using System.Runtime.CompilerServices;

namespace ReSTEM.Core;

/// <summary>Completions in the order of their requests, although policies give them back as they finish.</summary>
public static class OrderedSampling
{
    /// <summary>Draws in parts, so that no more completions wait for their turn than a part has.</summary>
    /// <param name="policy">Draws.</param>
    /// <param name="requests">Taken a part at a time; no two of a part may have the same problem and index.</param>
    /// <param name="partLength">Requests of a part: many times the slots, for the slots run empty at its end.</param>
    /// <param name="cancellationToken">Stops drawing.</param>
    public static async IAsyncEnumerable<Completion> SampleInOrderAsync(
        this IPolicy policy, IEnumerable<SampleRequest> requests, int partLength, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (SampleRequest[] part in requests.Chunk(partLength))
        {
            var drawn = new Completion[part.Length];
            var places = part.Select((request, place) => (request, place))
                .ToDictionary(entry => (entry.request.ProblemId, entry.request.Index), entry => entry.place);
            await foreach (Completion completion in policy.SampleAsync(part, cancellationToken))
            {
                drawn[places[(completion.ProblemId, completion.Index)]] = completion;
            }

            foreach (Completion completion in drawn)
            {
                yield return completion;
            }
        }
    }
}
