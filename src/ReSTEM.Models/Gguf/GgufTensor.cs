namespace ReSTEM.Models;

/// <summary>Takes some numbers of a tensor, whole rows; the span is valid during the call only.</summary>
internal delegate void GgufReceiver(ReadOnlySpan<float> rows);

/// <summary>A tensor to be written.</summary>
/// <param name="Name">As llama.cpp calls it, for example <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Shape">Extents, row-major: [out, in] for matrices. The file has them in the other order.</param>
/// <param name="Type">Of the stored numbers.</param>
/// <param name="Read">Hands over all rows, in order.</param>
internal sealed record GgufTensor(string Name, IReadOnlyList<int> Shape, GgufType Type, Action<GgufReceiver> Read)
{
    internal long Bytes => GgufNumbers.Bytes(Type, Shape.Aggregate(1L, static (product, extent) => product * extent));
}
