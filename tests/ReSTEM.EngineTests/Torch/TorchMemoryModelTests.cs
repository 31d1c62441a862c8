using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Tests;
using ReSTEM.Torch;
using static TorchSharp.torch;

namespace ReSTEM.EngineTests;

/// <summary>What is predicted of the memory of sampling and training on libtorch; from shapes, whether there is a card or not.</summary>
public sealed class TorchMemoryModelTests
{
    private const long Mebibyte = 1L << 20, Most = 1L << 46;

    private static readonly ModelConfig Large = TestModels.Config() with
    {
        ModelDim = 2048,
        LayerCount = 16,
        HeadCount = 32,
        KvHeadCount = 8,
        HeadDim = 64,
        FeedForwardDim = 8192,
        VocabularySize = 128_256,
        ContextLength = 4096,
        Rope = new RopeConfig(500_000, 64),
    };

    private static readonly MemoryUse Sampling = new() { PromptLength = 300, CompletionLength = 700, SamplesPerPrompt = 8 };

    private static readonly MemoryUse Training = Sampling with { Optimizer = new OptimizerOptions() };

    /// <summary>The types of numbers are those of the library, which is loaded before its first use.</summary>
    public TorchMemoryModelTests() => _ = TorchUse.Plugin.LibraryVersion;

    public static TheoryData<string> Devices => ["cpu", "cuda:0"];

    [EngineTheory("torch-cpu")]
    [MemberData(nameof(Devices))]
    public void More_slots_and_longer_texts_take_more(string device)
    {
        foreach (ScalarType type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            long before = 0;
            foreach (int slots in new[] { 1, 2, 3, 8, 31, 64, 65, 256, 1024 })
            {
                long now = Of(Settings(device, type, slots, Most), Sampling).Sampling;
                Assert.True(now > before, $"{slots} slots in {type} on {device} take {now} bytes, expected more than {before}");
                before = now;
            }

            foreach (int length in new[] { 1, 64, 500, 3000 })
            {
                MemoryUse longer = Sampling with { CompletionLength = length }, longest = Sampling with { CompletionLength = length + 500 };
                Assert.True(Of(Settings(device, type, 64, Most), longest).Sampling > Of(Settings(device, type, 64, Most), longer).Sampling);
            }
        }
    }

    [EngineTheory("torch-cpu")]
    [MemberData(nameof(Devices))]
    public void Half_the_numbers_bytes_halve_weights_keys_and_values(string device)
    {
        long weights = ModelLayout.Tensors(Large).Sum(place => (long)place.Length);
        long cache = KvCache.BytesPerBlock(Large, ScalarType.Float32) * (64 * 16L); // 64 slots of 1,000 positions; the prompts are 5 blocks each of 9
        long saved = Of(Settings(device, ScalarType.Float32, 64, Most), Sampling).Sampling - Of(Settings(device, ScalarType.BFloat16, 64, Most), Sampling).Sampling;
        Assert.Equal((weights * 2) + ((cache + (KvCache.BytesPerBlock(Large, ScalarType.Float32) * 9 * 5L)) / 2), saved);
    }

    [EngineTheory("torch-cpu")]
    [MemberData(nameof(Devices))]
    public void The_context_bounds_what_is_held(string device) => Assert.Equal(
        Of(Settings(device, ScalarType.Float32, 64, Most), Sampling with { CompletionLength = 4096 }),
        Of(Settings(device, ScalarType.Float32, 64, Most), Sampling with { CompletionLength = 1_000_000 }));

    /// <summary>On a card of any size the slots that are chosen fit, or not even one does: then more is predicted than there is, or sampling itself refuses.</summary>
    [EngineFact("torch-cpu")]
    public void Chosen_slots_fit_a_card_of_any_size()
    {
        int before = 0;
        bool hasRefused = false, hasLimited = false;
        for (long free = 256; free < 128 * 1024; free += free / 16)
        {
            var settings = Settings("cuda:0", ScalarType.BFloat16, slots: 256, free * Mebibyte);
            MemoryEstimate estimate = Of(settings, Sampling);
            Assert.InRange(estimate.Slots, Math.Max(1, before), 256);
            hasRefused |= estimate.Sampling > free * Mebibyte;
            hasLimited |= estimate.Slots is > 1 and < 256;
            Assert.True(estimate.Slots == 1 || estimate.Sampling <= free * Mebibyte, $"{estimate.Slots} slots take {estimate.Sampling / Mebibyte} MiB of {free} MiB");
            before = estimate.Slots;
        }

        Assert.Equal((256, true, true), (before, hasRefused, hasLimited));
    }

    [EngineFact("torch-cpu")]
    public void One_slot_more_than_is_chosen_would_not_fit()
    {
        const long Free = 8192 * Mebibyte;
        var settings = Settings("cuda:0", ScalarType.BFloat16, slots: 256, Free);
        MemoryEstimate estimate = Of(settings, Sampling);
        Assert.InRange(estimate.Slots, 2, 255);
        long one = 16 * KvCache.BytesPerBlock(Large, ScalarType.BFloat16);
        long more = (estimate.Slots + 2) * one; // and its share of a prompt
        long weights = 2 * ModelLayout.Tensors(Large).Sum(place => (long)place.Length);
        Assert.True(weights + more > Free * 0.7, $"{estimate.Slots} slots are chosen of {Free} bytes");
    }

    [EngineFact("torch-cpu")]
    public void Fewer_slots_are_chosen_for_longer_texts_and_more_for_smaller_numbers()
    {
        const long Free = 8192 * Mebibyte;
        int usual = Of(Settings("cuda:0", ScalarType.BFloat16, 256, Free), Sampling).Slots;
        Assert.True(Of(Settings("cuda:0", ScalarType.BFloat16, 256, Free), Sampling with { CompletionLength = 2000 }).Slots < usual);
        Assert.True(Of(Settings("cuda:0", ScalarType.Float32, 256, Free), Sampling).Slots < usual);
        Assert.Equal(7, Of(Settings("cuda:0", ScalarType.BFloat16, 7, Free), Sampling).Slots);
    }

    [EngineFact("torch-cpu")]
    public void Training_takes_more_with_more_tokens_and_less_when_activations_are_computed_again_or_an_adapter_is_trained()
    {
        var settings = Settings("cuda:0", ScalarType.BFloat16, 64, Most);
        MemoryEstimate usual = Of(settings, Training);
        long parameters = ModelLayout.Tensors(Large).Sum(place => (long)place.Length);
        Assert.InRange(usual.Training, 16 * parameters, long.MaxValue); // values, gradient and two moments in float32
        Assert.Equal(4 * parameters, usual.Trained);
        Assert.True(Of(settings, Training with { Optimizer = Speed(speed => speed with { MicroBatchTokens = 100_000 }) }).Training > usual.Training);
        Assert.True(
            Of(settings, Training with { Optimizer = Speed(speed => speed with { RecomputeActivations = true }) }).Training
            < Of(settings, Training with { Optimizer = Speed(speed => speed with { RecomputeActivations = false }) }).Training);
        Assert.True(Of(settings, Training with { Adapter = new AdapterOptions { Rank = 8 } }).Training < usual.Training);
        Assert.InRange(Of(settings, Training with { Validates = true }).Training - usual.Training, usual.Sampling - (700 * Mebibyte), usual.Sampling); // but for what CUDA takes once
        Assert.Equal((0L, 0L), (Of(settings, Sampling).Training, Of(settings, Sampling).Trained));
    }

    private static OptimizerOptions Speed(Func<TrainingSpeed, TrainingSpeed> change) => new() { Speed = change(new TrainingSpeed()) };

    private static MemoryEstimate Of(TorchSettings settings, MemoryUse use) => new TorchMemoryModel(Large, settings).Of(use);

    private static TorchSettings Settings(string device, ScalarType type, int slots, long free) => new()
    {
        EngineName = "torch",
        LibraryVersion = "libtorch",
        DeviceKind = device,
        DeviceName = device,
        Type = type,
        Threads = 2,
        Slots = slots,
        FreeBytes = free,
        KvBytes = device == "cpu" ? Most : null,
        Notice = static _ => { },
    };
}
