using ReSTEM.Core;
using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>Predicts the memory of sampling from the shapes that are allocated.</summary>
internal sealed class OnnxMemory(ModelConfig config, EngineSettings settings, KvLayout layout)
{
    private const long Process = 130L << 20; // the runtimes, their code, and what is read and written
    private const long TokenBytes = 700; // of a tokenizer, for each token

    /// <summary>Bytes of a card that keys and values may take: nine tenths of what is free beside the weights.</summary>
    internal static long CardBytes(ModelConfig config, OnnxType type, long free) =>
        Math.Max(0, (free - (ModelLayout.Tensors(config).Sum(static place => (long)place.Length) * type.Size())) / 10 * 9);

    internal MemoryEstimate Of(MemoryUse use)
    {
        var type = OnnxTypes.Activation(settings.Dtype);
        int length = layout.LengthFor((int)Math.Min(config.ContextLength, (long)use.PromptLength + use.CompletionLength));
        long keysAndValues = Math.Max(1, layout.RowsOf(length)) * layout.RowBytes * length;
        int rows = Math.Max(layout.MaxRows, Pieces.MaxLength);
        long activations = rows * (5L * config.ModelDim + config.QueryDim + (2L * config.KvDim) + (2L * config.GateUpDim)) * type.Size();
        long logits = sizeof(float) * (long)config.VocabularySize * (Math.Max(layout.MaxRows, Pieces.ScoredLength(config.VocabularySize)) * 2L + 4);
        long scores = (long)layout.MaxRows * config.HeadCount * length * sizeof(float);
        long sampling = Process + (TokenBytes * config.VocabularySize) + Weights(use) + keysAndValues + activations + logits + scores;
        return new MemoryEstimate(sampling, Training: 0, Trained: 0);
    }

    /// <summary>Matrices as the library lays them out; what it takes from files as it lies there is the system's to cache.</summary>
    private long Weights(MemoryUse use)
    {
        long matrices = ModelLayout.Tensors(config)
            .Where(place => place.Shape.Count == 2 && place.Part is not (WeightPart.Positions or WeightPart.Embedding)).Sum(static place => (long)place.Length);
        matrices += config.TiedEmbeddings ? (long)config.VocabularySize * config.ModelDim : 0;
        double bytes = settings.Dtype switch
        {
            EngineDtype.Int8 => 1 + (4.0 / BlockQuantisation.BlockLength),
            EngineDtype.Int4 => 0.5 + (4.0 / BlockQuantisation.BlockLength),
            EngineDtype.Float32 => 4,
            _ => 2,
        };
        long tables = Enumerable.Range(0, config.LayerCount).Select(config.RopeOf).OfType<RopeConfig>().Distinct()
            .Sum(rope => (long)layout.MaxLength * rope.Dim) * sizeof(float);
        long beside = use.Adapter is { Merged: false } adapter
            ? sizeof(float) * AdapterTargets.Of(adapter.TargetModules, config).Sum(place => (long)adapter.Rank * (place.Rows + place.RowLength))
            : 0;
        return (long)(matrices * bytes) + tables + beside;
    }
}
