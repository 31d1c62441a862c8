using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Onnx;
using ReSTEM.Tests;

namespace ReSTEM.EngineTests;

/// <summary>What is predicted of the memory of sampling on ONNX Runtime; from shapes, so that no library is needed.</summary>
public sealed class OnnxMemoryModelTests
{
    private const long Mebibyte = 1L << 20, Most = 1L << 46;

    private static readonly ModelConfig Large = TestModels.Config() with
    {
        ModelDim = 1024,
        LayerCount = 12,
        HeadCount = 16,
        KvHeadCount = 8,
        HeadDim = 64,
        FeedForwardDim = 4096,
        VocabularySize = 32_000,
        ContextLength = 2048,
        Rope = new RopeConfig(10_000, 64),
    };

    private static readonly MemoryUse Use = new() { PromptLength = 300, CompletionLength = 600, SamplesPerPrompt = 8 };

    public static TheoryData<string> Devices => ["cpu", "cuda:0"];

    [Theory]
    [MemberData(nameof(Devices))]
    public void More_slots_take_more(string device)
    {
        long before = 0;
        foreach (int slots in new[] { 1, 2, 3, 8, 31, 64, 65, 256, 1024 })
        {
            MemoryEstimate now = Of(device, EngineDtype.Float16, slots, Most);
            Assert.True(now.Sampling > before, $"{slots} slots on {device} take {now.Sampling} bytes, expected more than {before}");
            Assert.Equal((slots, 0L, 0L), (now.Slots, now.Training, now.Trained));
            before = now.Sampling;
        }
    }

    [Fact]
    public void Longer_texts_take_more_on_the_processor_up_to_the_context()
    {
        Assert.True(Of("cpu", EngineDtype.Float32, 64, Most, Use with { CompletionLength = 1200 }).Sampling > Of("cpu", EngineDtype.Float32, 64, Most).Sampling);
        Assert.Equal(
            Of("cpu", EngineDtype.Float32, 64, Most, Use with { CompletionLength = 2048 }), Of("cpu", EngineDtype.Float32, 64, Most, Use with { CompletionLength = 1_000_000 }));
    }

    /// <summary>Matrices of 8 and 4 bits have a float32 scale for 32 weights each: 1 + 1/8 and 1/2 + 1/8 bytes a weight.</summary>
    [Theory]
    [InlineData(EngineDtype.Int8, 1.125)]
    [InlineData(EngineDtype.Int4, 0.625)]
    public void Fewer_bits_shrink_the_matrices(EngineDtype dtype, double bytes)
    {
        long matrices = ModelLayout.Tensors(Large).Where(place => place.Shape.Count == 2).Sum(place => (long)place.Length); // the tied table is the head's matrix
        long saved = Of("cpu", EngineDtype.Float32, 64, Most).Sampling - Of("cpu", dtype, 64, Most).Sampling;
        Assert.Equal(matrices * (4 - bytes), saved, 16.0);
    }

    [Fact]
    public void Half_the_numbers_bytes_halve_weights_keys_and_values()
    {
        long matrices = ModelLayout.Tensors(Large).Where(place => place.Shape.Count == 2).Sum(place => (long)place.Length);
        long keysAndValues = 64 * KvLayout.BytesPerPosition(Large, OnnxType.Float) * 1024; // 900 positions in whole grains of 256
        long saved = Of("cpu", EngineDtype.Float32, 64, Most).Sampling - Of("cpu", EngineDtype.Float16, 64, Most).Sampling;
        Assert.InRange(saved, (2 * matrices) + (keysAndValues / 2), (2.1 * matrices) + (keysAndValues / 2)); // activations are halved too
    }

    /// <summary>On a card of any size the slots that are chosen fit, or not even one does: then more is predicted than there is.</summary>
    [Fact]
    public void Chosen_slots_fit_a_card_of_any_size()
    {
        int before = 0;
        bool hasRefused = false, hasLimited = false;
        for (long free = 256; free < 128 * 1024; free += free / 16)
        {
            MemoryEstimate estimate = Of("cuda:0", EngineDtype.Float16, 256, free * Mebibyte);
            Assert.InRange(estimate.Slots, Math.Max(1, before), 256);
            hasRefused |= estimate.Sampling > free * Mebibyte;
            hasLimited |= estimate.Slots is > 1 and < 256;
            Assert.True(estimate.Slots == 1 || estimate.Sampling <= free * Mebibyte, $"{estimate.Slots} slots take {estimate.Sampling / Mebibyte} MiB of {free} MiB");
            before = estimate.Slots;
        }

        Assert.Equal((256, true, true), (before, hasRefused, hasLimited));
    }

    [Fact]
    public void Fewer_slots_are_chosen_on_the_processor_for_longer_texts()
    {
        const long Bytes = 1024 * Mebibyte;
        int shorter = Of("cpu", EngineDtype.Float32, 256, Bytes).Slots;
        int longer = Of("cpu", EngineDtype.Float32, 256, Bytes, Use with { CompletionLength = 1700 }).Slots;
        Assert.Equal(
            (Bytes / (KvLayout.BytesPerPosition(Large, OnnxType.Float) * 1024), Bytes / (KvLayout.BytesPerPosition(Large, OnnxType.Float) * 2048)), (shorter, longer));
    }

    [Fact]
    public void A_sequence_that_never_fits_is_refused_in_one_line()
    {
        var layout = KvLayout.OnProcessor(Large, OnnxType.Float, 64, 8 * Mebibyte);
        Assert.Equal(
            $"keys and values of 900 positions take {KvLayout.BytesPerPosition(Large, OnnxType.Float) * 912} bytes, expected at most {8 * Mebibyte}; shorten the text or free memory.",
            layout.Refusal(900));
        Assert.Null(KvLayout.OnProcessor(Large, OnnxType.Float, 64, 1024 * Mebibyte).Refusal(900));
    }

    private static MemoryEstimate Of(string device, EngineDtype dtype, int slots, long bytes, MemoryUse? use = null)
    {
        var type = OnnxTypes.Activation(dtype);
        var layout = device == "cpu" ? KvLayout.OnProcessor(Large, type, slots, bytes) : KvLayout.OnCard(Large, type, slots, OnnxMemory.CardBytes(Large, dtype, slots, bytes));
        return new OnnxMemory(Large, new EngineSettings { Device = device, Dtype = dtype, Slots = slots }, layout).Of(use ?? Use);
    }
}
