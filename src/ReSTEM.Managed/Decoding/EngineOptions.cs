using ReSTEM.Core;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>How the managed engine computes. But for <see cref="Dtype"/> nothing changes a single bit of what is drawn.</summary>
public sealed record EngineOptions
{
    /// <summary>
    /// Of matrices, embeddings, the rows that matrices multiply, keys and values: float32 or bfloat16; all else is float32. Or int8, of matrices
    /// and the rows that they multiply while it samples: then keys, values, adapters and embeddings that are not the LM head's are bfloat16,
    /// and training is float32.
    /// </summary>
    public EngineDtype Dtype { get; init; } = EngineDtype.Float32;

    /// <summary>Threads that compute, at least 1; the default is the count of processors.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Completions drawn at once over all threads, at least 1; the default is 64 a thread, which keeps the matrix kernels busy.</summary>
    public int? Slots { get; init; }

    /// <summary>Most bytes of keys and values over all threads; the default is a quarter of the memory that the process may use.</summary>
    public long KvMemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary><see cref="Dtype"/> as the kernels have it.</summary>
    internal NumberFormat Format => Dtype switch
    {
        EngineDtype.Bfloat16 => NumberFormat.Bfloat16,
        EngineDtype.Int8 => NumberFormat.Int8,
        _ => NumberFormat.Float32,
    };

    /// <summary>Of what is no matrix of the model: keys, values, adapters, an embedding table.</summary>
    internal NumberFormat FormatBeside => Beside(Format);

    /// <summary>The same for training, which has no int8.</summary>
    internal EngineOptions Training => Dtype is EngineDtype.Int8 ? this with { Dtype = EngineDtype.Float32 } : this;

    /// <summary>Completions drawn at once, with the default put in.</summary>
    internal int SlotCount => Slots ?? 64 * Threads;

    /// <summary>The slots shared out to the threads that get one, the largest share first.</summary>
    internal int[] LaneSlots()
    {
        int lanes = Math.Min(Threads, SlotCount);
        return [.. Enumerable.Range(0, lanes).Select(lane => (SlotCount / lanes) + (lane < SlotCount % lanes ? 1 : 0))];
    }

    /// <summary>What is beside matrices of a format.</summary>
    internal static NumberFormat Beside(NumberFormat format) => format is NumberFormat.Int8 ? NumberFormat.Bfloat16 : format;

    internal void ThrowUnlessValid()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SlotCount, nameof(Slots));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(KvMemoryBytes);
        if (!ManagedEngine.Dtypes.Contains(Dtype))
        {
            throw new ArgumentException(
                $"engine.dtype is {EngineSettings.NameOf(Dtype)}, expected {string.Join(" or ", ManagedEngine.Dtypes.Select(EngineSettings.NameOf))}: managed computes in no other numbers.");
        }
    }
}
