using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>Short ways to use a policy.</summary>
internal static class PolicyUse
{
    internal static SampleRequest Request(
        IReadOnlyList<int> prompt, SamplingOptions options, string problem = "p", int index = 0, ulong seed = 5) => new()
        {
            ProblemId = problem,
            Index = index,
            PromptIds = prompt,
            Options = options,
            Random = RandomStream.Of(seed, RandomPurpose.Sample).At(0, problem, index),
        };

    internal static async Task<List<Completion>> DrawAsync(IPolicy policy, IEnumerable<SampleRequest> requests)
    {
        var completions = new List<Completion>();
        await foreach (Completion completion in policy.SampleAsync(requests, CancellationToken.None))
        {
            completions.Add(completion);
        }

        return [.. completions.OrderBy(item => item.ProblemId, StringComparer.Ordinal).ThenBy(item => item.Index)];
    }

    internal static void AssertSame(IReadOnlyList<Completion> expected, IReadOnlyList<Completion> drawn)
    {
        Assert.Equal(expected.Count, drawn.Count);
        foreach (var (left, right) in expected.Zip(drawn))
        {
            Assert.Equal(
                (left.ProblemId, left.Index, left.Text, left.FinishReason, left.LogProbability), (right.ProblemId, right.Index, right.Text, right.FinishReason, right.LogProbability));
            Assert.Equal(left.TokenIds, right.TokenIds);
        }
    }
}
