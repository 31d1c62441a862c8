using ReSTEM.Core;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>Native memory of sampling on ONNX Runtime.</summary>
[Collection(nameof(Alone))]
public sealed class OnnxMemoryTests
{
    [EngineFact("onnx-cpu")]
    public async Task Memory_stays_flat_over_20_000_completions()
    {
        const int Samples = 20_000, First = 4_000;
        var weights = TestModels.Random(TestModels.Config() with { LayerCount = 1 });
        using var policy = OnnxUse.Engine(threads: 2, slots: 256).Open(weights, null, "", null);
        int count = 0;
        long bytes = 0;
        await foreach (var completion in policy.SampleAsync(Requests(Samples), CancellationToken.None))
        {
            count++;
            bytes = count == First ? NativeMemoryOfProcess.Bytes : bytes;
        }

        Assert.Equal(Samples, count);
        Assert.InRange(NativeMemoryOfProcess.Bytes - bytes, long.MinValue, 24 << 20);
    }

    [EngineFact("onnx-cpu")]
    public async Task Policies_that_are_closed_leave_nothing_behind()
    {
        // 31 MiB each with their keys and values: a loop opens one for every iteration and every measurement.
        var weights = TestModels.Random(TestModels.Config() with { ModelDim = 512, HeadCount = 8, HeadDim = 64, FeedForwardDim = 1024, VocabularySize = 4096 });
        long bytes = 0;
        for (int opened = 0; opened < 16; opened++)
        {
            using var policy = OnnxUse.Engine(threads: 2, slots: 8).Open(weights, null, "", null);
            Assert.Equal(32, (await PolicyUse.DrawAsync(policy, [.. Requests(32)])).Count);
            bytes = opened == 3 ? NativeMemoryOfProcess.Bytes : bytes;
        }

        // Twelve that leave all behind would be 372 MiB; the C library's arenas of threads that come and go grew by up to 69 MiB on a loaded machine.
        Assert.InRange(NativeMemoryOfProcess.Bytes - bytes, long.MinValue, 128 << 20);
    }

    private static IEnumerable<SampleRequest> Requests(int count) => Enumerable.Range(0, count).Select(index => PolicyUse.Request(
        [.. Enumerable.Range(0, 2 + (index / 32 % 50)).Select(t => 3 + ((t + (index / 32)) % 50))], new SamplingOptions { MaxTokens = 10, TopK = 20 }, $"p{index / 32}", index % 32));
}
