using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Torch;

/// <summary>Predicts the memory of sampling and training from shapes: of the process on the processor, of the card on a card.</summary>
internal sealed class TorchMemoryModel(ModelConfig config, TorchSettings settings)
{
    private const long Number = sizeof(float);
    private const long Process = 450L << 20; // the runtime and libtorch, and what kernels keep
    private const long Context = 600L << 20; // of CUDA on a card, with its kernels
    private const long TokenBytes = 700; // of a tokenizer, for each token
    private const long SamplerNumbers = 1L << 23; // of one operation of the device's sampler
    private const long SamplerBytes = 60; // of all that live at once, for each of these numbers

    private readonly int _type = TorchMemory.BytesOf(settings.Type);

    internal MemoryEstimate Of(MemoryUse use)
    {
        long fixedBytes = settings.IsCuda ? Context : Process + (TokenBytes * config.VocabularySize);
        long sampling = Weights(_type) + Adapter(use) + Pass() + Cache(use);
        long training = use.Optimizer is null ? 0 : fixedBytes + Stepper(use) + (use.Validates ? sampling : 0);
        return new MemoryEstimate(fixedBytes + sampling, training, use.Optimizer is null ? 0 : Number * Trained(use)) { Slots = Slots(use) };
    }

    /// <summary>What one forward pass of sampling has beside weights, keys and values.</summary>
    internal long Pass()
    {
        long rows = settings.PlannedRows, row = (12L * config.ModelDim) + (4L * (config.QueryDim + (2L * config.KvDim))) + (3L * config.GateUpDim);
        long logits = rows * config.VocabularySize * Number * (config.LogitCap == 0 ? 1 : 3);
        long sampler = settings.IsCuda ? Math.Min(SamplerNumbers, rows * config.VocabularySize) * SamplerBytes : 0;
        return (rows * row * Number) + logits + sampler;
    }

    /// <summary>
    /// Keys and values of all slots and of the prompts that they share, and the scores of one layer; bounded by what is set aside for them, at least
    /// those of one slot.
    /// </summary>
    private long Cache(MemoryUse use)
    {
        long slots = settings.Slots * SlotBytes(use), prompts = ((settings.Slots / Math.Max(1, use.SamplesPerPrompt)) + 1) * PromptBytes(use);
        return Math.Max(SlotBytes(use) + PromptBytes(use), Math.Min(slots + prompts, Budget(use))) + Scores(use);
    }

    /// <summary>As many as fit beside the prompts that they share, at least one.</summary>
    private int Slots(MemoryUse use)
    {
        long each = SlotBytes(use) + (PromptBytes(use) / Math.Max(1, use.SamplesPerPrompt));
        return (int)Math.Clamp((Budget(use) - PromptBytes(use)) / each, 1, settings.Slots);
    }

    /// <summary>Most bytes of keys and values, so that scores fit beside them.</summary>
    private long Budget(MemoryUse use) => settings.KvBytes
        ?? (settings.IsCuda ? TorchMemory.OfCard(settings.FreeBytes - Context - Weights(_type) - Adapter(use), Pass() + Scores(use)) : TorchMemory.OfProcessor);

    private long Scores(MemoryUse use) => 4 * Number * settings.PlannedRows * config.HeadCount * KvCache.BlocksFor(Length(use)) * KvCache.BlockLength;

    private long SlotBytes(MemoryUse use) => KvCache.BlocksFor(Length(use)) * KvCache.BytesPerBlock(config, settings.Type);

    private long PromptBytes(MemoryUse use) => KvCache.BlocksFor(Math.Min(use.PromptLength, Length(use))) * KvCache.BytesPerBlock(config, settings.Type);

    /// <summary>What is trained in float32 with its gradient and two moments, what is frozen beside it, and the passes' memory.</summary>
    private long Stepper(MemoryUse use)
    {
        long trained = 4 * Number * Trained(use);
        long frozen = use.Adapter is null ? 0 : Weights(_type);
        int tokens = Math.Max(use.Optimizer!.Speed.MicroBatchTokens, (use.Mixes ? 2 : 1) * Length(use));
        long layer = Layer(tokens, Length(use)), rows = (long)tokens * config.ModelDim * _type;
        long held = use.Optimizer.Speed.RecomputeActivations ? ((config.LayerCount + 1) * rows) + (2 * layer) : (config.LayerCount + 1) * layer;
        long logits = 3 * Number * (long)LmHeadLoss.ChunkRows(config.VocabularySize) * config.VocabularySize;
        return trained + frozen + held + logits;
    }

    /// <summary>What the backward pass of a layer remembers of so many tokens; scores are those of the sequences, of one length at most.</summary>
    private long Layer(long tokens, long length)
    {
        long token = (10L * config.ModelDim) + (5L * (config.QueryDim + config.KvDim)) + (3L * config.GateUpDim);
        return (tokens * token * Number) + (3 * Number * tokens * length * config.HeadCount);
    }

    private long Adapter(MemoryUse use) => use.Adapter is { Merged: false } adapter ? AdapterNumbers(adapter) * _type : 0;

    private long Trained(MemoryUse use) => use.Adapter is { } adapter ? AdapterNumbers(adapter) : Parameters;

    private long Weights(int bytes) => Parameters * bytes;

    private long Parameters => ModelLayout.Tensors(config).Sum(static place => (long)place.Length);

    private int Length(MemoryUse use) => (int)Math.Min(config.ContextLength, (long)use.PromptLength + use.CompletionLength);

    private long AdapterNumbers(AdapterOptions adapter) =>
        AdapterTargets.Of(adapter.TargetModules, config).Sum(place => (long)adapter.Rank * (place.Rows + place.RowLength));
}
