using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>
/// Predicts the memory of sampling and training from the shapes that both allocate. Measured figures are in
/// <c>benchmarks/results/model-memory.md</c>.
/// </summary>
internal sealed class MemoryModel(ModelConfig config, EngineOptions options)
{
    private const long Number = sizeof(float);
    private const long Process = 70L << 20; // the runtime, its code and what is read and written
    private const long TokenBytes = 700; // of a tokenizer, for each token

    internal MemoryEstimate Of(MemoryUse use)
    {
        long fixedBytes = Process + (TokenBytes * config.VocabularySize);
        long sampling = Policy(use);
        long training = use.Optimizer is null ? 0 : fixedBytes + Stepper(use) + (use.Validates ? sampling : 0);
        return new MemoryEstimate(fixedBytes + sampling, training, use.Optimizer is null ? 0 : Number * Trained(use));
    }

    /// <summary>An open policy at work: packed weights, and for each lane rows, logits, keys and values.</summary>
    private long Policy(MemoryUse use)
    {
        bool isBeside = use.Adapter is { Merged: false };
        long weights = Matrices(directions: 1, options.Format) + Vectors() + Positions();
        weights += Halved(Table, options.FormatBeside) + (isBeside ? Halved(AdapterNumbers(use.Adapter!), options.FormatBeside) : 0);
        int[] lanes = options.LaneSlots();
        return (Number * weights) + lanes.Sum(slots => Lane(slots, use));
    }

    /// <summary>Words that numbers of a format take.</summary>
    private static long Halved(long numbers, NumberFormat format) => format is NumberFormat.Bfloat16 ? (numbers + 1) / 2 : numbers;

    /// <summary>Words that numbers take once they are rounded for a product, with room to grow.</summary>
    private static long Rounded(long numbers, NumberFormat format) => format switch
    {
        NumberFormat.Float32 => 0,
        NumberFormat.Bfloat16 => numbers * 5 / 4,
        _ => numbers * 5 / 16,
    };

    private long Lane(int slots, MemoryUse use)
    {
        int rows = ManagedModel.RowsOf(slots), length = Length(use), prompt = Math.Min(use.PromptLength, length);
        bool hasBranch = config.Family.NormPlacement is not NormPlacement.Before;
        long row = (hasBranch ? 3L : 2L) * config.ModelDim;
        row += RowDim + config.QueryDim + config.GateUpDim + config.FeedForwardDim;
        long numbers = (rows * row) + ((long)config.HeadCount * length);
        numbers += Rounded((long)rows * WidestRow, options.Format);
        numbers += ((long)ManagedDecoder.LogitRows(config.VocabularySize, rows) + 4) * config.VocabularySize;
        int prompts = (slots / Math.Max(1, use.SamplesPerPrompt)) + 1;
        long blocks = ((long)slots * KvMemory.BlocksBeside(prompt, length)) + ((long)prompts * KvMemory.BlocksFor(prompt));
        long most = ManagedModel.BlockCount(config, options.LaneSlots()[0], options.KvMemoryBytes / options.LaneSlots().Length, options.FormatBeside);
        return (Number * numbers) + (Math.Min(blocks, most) * KvMemory.BytesPerBlock(config, options.FormatBeside));
    }

    /// <summary>Training: what is trained with its gradient and moments, matrices packed both ways, and the passes' memory.</summary>
    private long Stepper(MemoryUse use)
    {
        long numbers = 4 * Trained(use); // values, gradient and two moments
        NumberFormat format = options.Training.Format;
        numbers += Matrices(directions: 2, format) + Vectors() + Positions() + (use.Adapter is null ? 0 : Halved(Table, format));
        numbers += use.Adapter is null && config.TiedEmbeddings ? (long)config.VocabularySize * config.ModelDim : 0; // the table's own gradient
        int tokens = Math.Max(use.Optimizer!.Speed.MicroBatchTokens, (use.Mixes ? 2 : 1) * Length(use));
        numbers += Activation(tokens, use.Optimizer.Speed.RecomputeActivations, use.Adapter);
        numbers += LmHeadLoss.ChunkRows(config.VocabularySize) * (config.VocabularySize + (2L * config.ModelDim));
        long rounded = Math.Max(tokens * (long)Math.Max(WidestRow, Math.Max(config.GateUpDim, RowDim)), LmHeadLoss.ChunkRows(config.VocabularySize) * (long)config.VocabularySize);
        numbers += Rounded(rounded, format);
        return Number * (numbers + (options.Threads * Scratch(Length(use))));
    }

    private long Trained(MemoryUse use) => use.Adapter is { } adapter ? AdapterNumbers(adapter) : Parameters;

    private long Activation(int tokens, bool recomputes, AdapterOptions? adapter)
    {
        bool hasBranches = config.Family.NormPlacement is not NormPlacement.Before, hasHeadNorms = config.Family.QueryKeyNorm is not QueryKeyNorm.None;
        long layer = ((hasHeadNorms ? 2L : 1L) * RowDim) + config.QueryDim + ((hasBranches ? 3L : 1L) * config.ModelDim) + config.GateUpDim;
        long token = (recomputes ? 1 : config.LayerCount) * layer;
        token += (config.LayerCount + 1L) * config.ModelDim;
        token += ((hasBranches ? 4L : 3L) * config.ModelDim) + RowDim + config.QueryDim + (2L * config.FeedForwardDim) + config.GateUpDim;
        token += hasHeadNorms ? 3L * config.QueryDim : 0;
        token += adapter is null ? 0 : 3L * adapter.Rank;
        return tokens * token;
    }

    /// <summary>Of a thread's kernels: panels of a weight gradient, and attention over one sequence.</summary>
    private long Scratch(int length)
    {
        long gradient = PackedMatrix.Size(WidestRow, 512);
        return gradient + (3 * PackedMatrix.Size(length, config.HeadDim)) + PackedMatrix.Size(length, 2 * 64);
    }

    private int Length(MemoryUse use) => (int)Math.Min(config.ContextLength, (long)use.PromptLength + use.CompletionLength);

    private long RowDim => config.QueryDim + (2L * config.KvDim);

    private int WidestRow => Math.Max(Math.Max(config.FeedForwardDim, config.QueryDim), config.ModelDim);

    private long Parameters => ModelLayout.Tensors(config).Sum(static place => (long)place.Length);

    private long Table => config.TiedEmbeddings ? 0 : (long)config.VocabularySize * config.ModelDim;

    /// <summary>Packed matrices of all layers and the head, forward or both ways.</summary>
    private long Matrices(int directions, NumberFormat format)
    {
        (int Out, int In)[] layer =
        [
            ((int)RowDim, config.ModelDim), (config.ModelDim, config.QueryDim), (config.GateUpDim, config.ModelDim),
            (config.ModelDim, config.FeedForwardDim),
        ];
        long Packed((int Out, int In) matrix) =>
            PackedMatrix.Size(matrix.Out, matrix.In, format) + (directions == 2 ? PackedMatrix.Size(matrix.In, matrix.Out, format) : 0);
        return (config.LayerCount * layer.Sum(Packed)) + Packed((config.VocabularySize, config.ModelDim));
    }

    private long Vectors() => ModelLayout.Tensors(config).Where(static place => place.Shape.Count == 1).Sum(static place => (long)place.Length);

    /// <summary>Learned positions, cosines and sines.</summary>
    private long Positions()
    {
        long positions = config.Family.HasLearnedPositions ? (long)config.ContextLength * config.ModelDim : 0;
        var ropes = Enumerable.Range(0, config.LayerCount).Select(config.RopeOf).OfType<RopeConfig>().Distinct();
        return positions + ropes.Sum(rope => (long)config.ContextLength * rope.Dim);
    }

    private long AdapterNumbers(AdapterOptions adapter) =>
        AdapterTargets.Of(adapter.TargetModules, config).Sum(place => (long)adapter.Rank * (place.Rows + place.RowLength));
}
