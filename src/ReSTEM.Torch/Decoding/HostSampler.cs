using System.Runtime.InteropServices;
using ReSTEM.Engines;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>The project's own sampler, on the memory of logits that lie on the processor.</summary>
internal sealed class HostSampler(int vocabularySize) : IRowSampler
{
    private readonly TokenSampler _sampler = new(vocabularySize);

    public DrawnToken[] Draw(Tensor logits, IReadOnlyList<(int Row, TokenDraw Draw)> rows)
    {
        var drawn = new DrawnToken[rows.Count];
        for (int index = 0; index < drawn.Length; index++)
        {
            var (row, draw) = rows[index];
            drawn[index] = _sampler.Draw(Values(logits, row), draw.Options, draw.Random, draw.Position);
        }

        return drawn;
    }

    /// <summary>A row of a contiguous float32 tensor of the processor, [n, V], without a copy; valid as long as the tensor.</summary>
    internal static ReadOnlySpan<float> Values(Tensor rows, int row)
    {
        int length = (int)rows.shape[1];
        return MemoryMarshal.Cast<byte, float>(rows.bytes).Slice(row * length, length);
    }
}
