using ReSTEM.Core;

namespace ReSTEM.Plugins;

/// <summary>Compares an engine with another on a small model: that it was built, loads and computes is then known, and that it is right.</summary>
public static class EngineCheck
{
    /// <summary>Most difference of a log-probability, in nats: some ten thousand times what float32 sums differ by in another order.</summary>
    public const float MostDifference = 1e-4f;

    private const int PromptLength = 5;
    private const int PromptCount = 3;

    /// <summary>Draws greedily and scores what was drawn, with both.</summary>
    /// <param name="engine">What is checked.</param>
    /// <param name="reference">What it is compared with.</param>
    /// <param name="model">Folder of a model with at least 20 tokens and a context of at least 24.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <exception cref="EngineException">They differ.</exception>
    public static async Task CompareAsync(IEngine engine, IEngine reference, string model, CancellationToken cancellationToken)
    {
        PolicyRef policy = reference.Resolve(model);
        using IPolicy checkedPolicy = engine.Open(policy), expected = reference.Open(policy);
        string name = engine.Fingerprint.Name;
        var drawn = await DrawAsync(checkedPolicy, cancellationToken);
        foreach (var (wanted, index) in (await DrawAsync(expected, cancellationToken)).Select((ids, index) => (ids, index)))
        {
            if (!drawn[index].SequenceEqual(wanted))
            {
                throw new EngineException(
                    $"the engine {name} continues the tokens {string.Join(' ', wanted.Take(PromptLength))} of a small model with {string.Join(' ', drawn[index].Skip(PromptLength))}, expected {string.Join(' ', wanted.Skip(PromptLength))}, as {reference.Fingerprint.Name} does: it does not compute rightly on this machine.");
            }
        }

        if (engine.Capabilities.LogProbabilities)
        {
            CompareScores(checkedPolicy, expected, name, drawn, cancellationToken);
        }
    }

    private static void CompareScores(IPolicy policy, IPolicy expected, string name, int[][] sequences, CancellationToken cancellationToken)
    {
        foreach (var (logs, wanted) in policy.LogProbabilities(sequences, cancellationToken).Zip(expected.LogProbabilities(sequences, cancellationToken)))
        {
            float most = logs.Zip(wanted).Max(pair => Math.Abs(pair.First - pair.Second));
            if (!(most <= MostDifference))
            {
                throw new EngineException(FormattableString.Invariant(
                    $"the engine {name} gives a log-probability of a small model that differs by {most:G3} from the one of the engine that it is compared with, expected at most {MostDifference:G1}: it does not compute rightly on this machine."));
            }
        }
    }

    /// <summary>Prompts with their greedy continuations.</summary>
    private static async Task<int[][]> DrawAsync(IPolicy policy, CancellationToken cancellationToken)
    {
        var options = new SamplingOptions { Temperature = 0, MaxTokens = 12 };
        var requests = Enumerable.Range(0, PromptCount).Select(index => new SampleRequest
        {
            ProblemId = $"{index}",
            Index = 0,
            PromptIds = [.. Enumerable.Range(0, PromptLength).Select(position => 1 + (((index * 7) + (position * 3)) % 19))],
            Options = options,
            Random = RandomStream.Of(1, RandomPurpose.Sample),
        }).ToArray();
        int[][] drawn = new int[PromptCount][];
        await foreach (Completion completion in policy.SampleAsync(requests, cancellationToken))
        {
            int index = Array.FindIndex(requests, request => request.ProblemId == completion.ProblemId);
            drawn[index] = [.. requests[index].PromptIds, .. completion.TokenIds];
        }

        return drawn;
    }
}
