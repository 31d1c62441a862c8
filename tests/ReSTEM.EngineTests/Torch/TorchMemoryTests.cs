using ReSTEM.Core;
using ReSTEM.Tests;
using static TorchSharp.torch;

namespace ReSTEM.EngineTests;

/// <summary>Native memory of sampling.</summary>
[Collection(nameof(Alone))]
public sealed class TorchMemoryTests
{
    [EngineFact("torch-cpu")]
    public async Task Memory_stays_flat_over_20_000_completions()
    {
        const int Samples = 20_000, First = 4_000;
        var weights = TestModels.Random(TestModels.Config() with { LayerCount = 1 });
        long before = Tensor.TotalCount;
        using (var policy = TorchUse.Open(weights, TorchUse.Settings(slots: 256)))
        {
            int count = 0;
            long tensors = 0, bytes = 0;
            await foreach (var completion in policy.SampleAsync(Requests(Samples), CancellationToken.None))
            {
                count++;
                if (count == First)
                {
                    (tensors, bytes) = (Tensor.TotalCount, NativeMemoryOfProcess.Bytes);
                }
            }

            Assert.Equal(Samples, count);
            Assert.InRange(NativeMemoryOfProcess.Bytes - bytes, long.MinValue, 24 << 20);
            Assert.InRange(Tensor.TotalCount - tensors, long.MinValue, 2000); // those of one step, at whose middle the count was taken
        }

        Assert.InRange(Tensor.TotalCount, 0, before);
    }

    private static IEnumerable<SampleRequest> Requests(int count) => Enumerable.Range(0, count).Select(index => PolicyUse.Request(
        [.. Enumerable.Range(0, 2 + (index / 32 % 50)).Select(t => 3 + ((t + (index / 32)) % 50))], new SamplingOptions { MaxTokens = 10, TopK = 20 }, $"p{index / 32}", index % 32));
}
