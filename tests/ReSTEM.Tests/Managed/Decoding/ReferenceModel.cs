using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>A published-format model with numbers of an independent float64 implementation beside it.</summary>
internal sealed class ReferenceModel
{
    internal ReferenceModel(string name)
    {
        Weights = ModelFolder.Load(SharedData.PathOf($"models/{name}"));
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf($"models/{name}/expected.json")));
        JsonElement root = document.RootElement;
        Ids = Integers(root.GetProperty("ids"));
        Mask = Integers(root.GetProperty("mask"));
        Greedy = Integers(root.GetProperty("greedy"));
        Loss = root.GetProperty("loss").GetDouble();
        Logits = [.. root.GetProperty("logits").EnumerateArray().Select(row => row.EnumerateArray().Select(item => item.GetSingle()).ToArray())];
    }

    internal ModelWeights Weights { get; }

    internal int[] Ids { get; }

    internal int[] Mask { get; }

    internal int[] Greedy { get; }

    internal double Loss { get; }

    internal float[][] Logits { get; }

    private static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetInt32())];
}

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
}
