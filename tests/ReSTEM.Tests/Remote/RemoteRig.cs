using ReSTEM.Core;
using ReSTEM.Remote;

namespace ReSTEM.Tests;

/// <summary>The remote engine before servers of the bigram engine.</summary>
internal static class RemoteRig
{
    private static readonly BigramEngine Local = new();

    internal static RemoteOptions Options(params Uri[] endpoints) => new()
    {
        Endpoints = endpoints,
        Concurrency = 2,
        Batch = 3,
        Retries = 5,
        FirstPause = TimeSpan.FromMilliseconds(1),
        LongestPause = TimeSpan.FromMilliseconds(5),
        Break = TimeSpan.FromMilliseconds(500), // the least that the breaker takes
    };

    internal static RemoteEngine Connect(RemoteOptions options) =>
        RemoteEngine.Connect(options, TimeProvider.System, new ModelFolders(Local.Describe, Local.Resolve, BigramWeights.HashOf), CancellationToken.None);

    /// <summary>Requests of several problems, some of which share a prompt.</summary>
    internal static IEnumerable<SampleRequest> Requests(int problems = 12, int samples = 5)
    {
        var options = new SamplingOptions { MaxTokens = 30, Temperature = 0.9, TopK = 30, Stop = ["zq", "e"] };
        for (int problem = 0; problem < problems; problem++)
        {
            int[] prompt = BigramWeights.Tokenizer.Encode("problem " + (problem % 7), true);
            for (int sample = 0; sample < samples; sample++)
            {
                yield return PolicyUse.Request(prompt, options, "p" + problem, sample);
            }
        }
    }

    /// <summary>What a policy of this machine draws.</summary>
    internal static async Task<List<Completion>> ExpectedAsync(BigramWeights weights, IEnumerable<SampleRequest> requests)
    {
        using IPolicy policy = Local.Open(weights);
        return await PolicyUse.DrawAsync(policy, requests);
    }
}
