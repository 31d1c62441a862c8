using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>Predicts the memory of sampling from the shapes that are allocated: of the process on the processor, of the card on a card.</summary>
internal sealed class OnnxMemory(ModelConfig config, EngineSettings settings, KvLayout layout)
{
    private const long Process = 130L << 20; // the runtimes, their code, and what is read and written
    private const long TokenBytes = 700; // of a tokenizer, for each token
    private const long Context = 600L << 20; // of CUDA on a card, with its kernels

    private bool IsCard => settings.Device != "cpu";

    /// <summary>Bytes of a card that keys and values may take: nine tenths of what is free beside the weights and the passes.</summary>
    internal static long CardBytes(ModelConfig config, EngineDtype dtype, int slots, long free) => Math.Max(
        0, (free - Context - Matrices(config, dtype, isCard: true) - Pass(config, dtype, slots, KvLayout.FullLength(config))) / 10 * 9);

    internal MemoryEstimate Of(MemoryUse use)
    {
        int length = layout.LengthFor((int)Math.Min(config.ContextLength, (long)use.PromptLength + use.CompletionLength));
        int slots = Math.Max(1, layout.RowsOf(length));
        long keysAndValues = slots * layout.RowBytes * length;
        long fixedBytes = IsCard ? Context : Process + (TokenBytes * config.VocabularySize);
        long weights = Matrices(config, settings.Dtype, IsCard) + Tables() + Beside(use);
        return new MemoryEstimate(fixedBytes + weights + keysAndValues + Pass(config, settings.Dtype, layout.MaxRows, length), Training: 0, Trained: 0) { Slots = slots };
    }

    /// <summary>Activations, logits and scores of a step.</summary>
    private static long Pass(ModelConfig config, EngineDtype dtype, int slots, int length)
    {
        int rows = Math.Max(slots, Pieces.MaxLength);
        long activations = rows * (5L * config.ModelDim + config.QueryDim + (2L * config.KvDim) + (2L * config.GateUpDim)) * OnnxTypes.Activation(dtype).Size();
        long logits = sizeof(float) * (long)config.VocabularySize * (Math.Max(slots, Pieces.ScoredLength(config.VocabularySize)) * 2L + 4);
        return activations + logits + ((long)slots * config.HeadCount * length * sizeof(float));
    }

    /// <summary>Matrices as the library lays them out; what it takes from files as it lies there is the system's to cache, and a card's to copy.</summary>
    private static long Matrices(ModelConfig config, EngineDtype dtype, bool isCard)
    {
        long matrices = ModelLayout.Tensors(config)
            .Where(place => place.Shape.Count == 2 && (isCard || place.Part is not (WeightPart.Positions or WeightPart.Embedding))).Sum(static place => (long)place.Length);
        matrices += config.TiedEmbeddings ? (long)config.VocabularySize * config.ModelDim : 0;
        double bytes = dtype switch
        {
            EngineDtype.Int8 => 1 + (4.0 / BlockQuantisation.BlockLength),
            EngineDtype.Int4 => 0.5 + (4.0 / BlockQuantisation.BlockLength),
            EngineDtype.Float32 => 4,
            _ => 2,
        };
        return (long)(matrices * bytes);
    }

    /// <summary>Cosines and sines.</summary>
    private long Tables() => Enumerable.Range(0, config.LayerCount).Select(config.RopeOf).OfType<RopeConfig>().Distinct()
        .Sum(rope => (long)layout.MaxLength * rope.Dim) * sizeof(float);

    /// <summary>An adapter that is not merged.</summary>
    private long Beside(MemoryUse use) => use.Adapter is { Merged: false } adapter
        ? sizeof(float) * AdapterTargets.Of(adapter.TargetModules, config).Sum(place => (long)adapter.Rank * (place.Rows + place.RowLength))
        : 0;
}
