using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>Float32 tensors as bytes of a stream, part by part, so that no copy of a whole model is held.</summary>
internal static class TensorStream
{
    private const int NumbersAtOnce = 1 << 18;

    /// <summary>Writes the numbers of tensors, one after the other.</summary>
    internal static void Write(Stream target, IEnumerable<Tensor> tensors)
    {
        foreach (var (part, length) in tensors.SelectMany(Parts))
        {
            using var scope = NewDisposeScope();
            float[] numbers = part().cpu().data<float>().ToArray();
            target.Write(MemoryMarshal.AsBytes(numbers.AsSpan(0, length)));
        }
    }

    /// <summary>Reads them back into tensors of the same shapes.</summary>
    /// <exception cref="EndOfStreamException">The stream holds fewer.</exception>
    internal static void Read(Stream source, IEnumerable<Tensor> tensors)
    {
        using var gradients = no_grad();
        foreach (var (part, length) in tensors.SelectMany(Parts))
        {
            using var scope = NewDisposeScope();
            float[] numbers = new float[length];
            source.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
            part().copy_(tensor(numbers));
        }
    }

    private static IEnumerable<(Func<Tensor> Part, int Length)> Parts(Tensor tensor)
    {
        for (long start = 0; start < tensor.numel(); start += NumbersAtOnce)
        {
            long first = start;
            int length = (int)Math.Min(NumbersAtOnce, tensor.numel() - start);
            yield return (() => tensor.detach().view(-1).narrow(0, first, length), length);
        }
    }
}
