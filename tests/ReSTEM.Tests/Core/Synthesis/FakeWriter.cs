using System.Runtime.CompilerServices;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>
/// Writes what its random numbers say: of ten completions about one each is empty, cut off, a line of the prompt, a real text; the rest have one of a
/// few hundred texts. Completions come back out of order.
/// </summary>
internal sealed class FakeWriter(Action<SampleRequest> onSample, int slots) : IPolicy
{
    internal const string RealText = "A real one.";

    public PolicyFingerprint Fingerprint { get; } = new("writer", FakeEngine.Identity);

    public async IAsyncEnumerable<Completion> SampleAsync(
        IEnumerable<SampleRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (SampleRequest[] batch in requests.Chunk(slots))
        {
            await Task.Yield();
            foreach (SampleRequest request in batch.Reverse())
            {
                cancellationToken.ThrowIfCancellationRequested();
                onSample(request);
                yield return Draw(request);
            }
        }
    }

    public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken) =>
        throw new NotSupportedException("the writer is asked for log-probabilities, expected samples only.");

    public void Dispose()
    {
    }

    private static Completion Draw(SampleRequest request)
    {
        RandomSequence random = request.Random.Sequence();
        string prompt = string.Concat(request.PromptIds.Select(id => (char)id));
        int kind = random.Below(10);
        string text = kind switch
        {
            0 => " \n ",
            1 => prompt.Split('\n')[^1],
            2 => RealText,
            _ => $"Text {random.Below(20)} of {random.Pick(["soup", "bread", "tea"])}.",
        };
        return new Completion
        {
            ProblemId = request.ProblemId,
            Index = request.Index,
            TokenIds = [.. text.Select(character => (int)character)],
            Text = text,
            FinishReason = kind == 3 ? FinishReason.MaxTokens : FinishReason.EndOfText,
            LogProbability = -text.Length,
        };
    }
}
