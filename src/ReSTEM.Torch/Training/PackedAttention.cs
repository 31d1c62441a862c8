using ReSTEM.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ReSTEM.Torch;

/// <summary>Causal attention over packed sequences, of which none sees another.</summary>
/// <param name="config">Heads, scale, cap and windows.</param>
/// <param name="starts">First row of each sequence, then T.</param>
internal sealed class PackedAttention(ModelConfig config, IReadOnlyList<int> starts) : IAttention
{
    public Tensor Attend(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        var mixed = new Tensor[starts.Count - 1];
        for (int sequence = 0; sequence < mixed.Length; sequence++)
        {
            int start = starts[sequence], length = starts[sequence + 1] - start;
            mixed[sequence] = AttendOne(layer, Heads(queries, start, length, 1), Shared(keys, start, length), Shared(values, start, length))
                .squeeze(0).transpose(0, 1).reshape(length, config.QueryDim);
        }

        return mixed.Length == 1 ? mixed[0] : cat(mixed, 0);
    }

    /// <summary>One sequence, all of [1, H, L, Hd].</summary>
    private Tensor AttendOne(int layer, Tensor queries, Tensor keys, Tensor values)
    {
        long length = queries.shape[2];
        int window = config.WindowOf(layer);
        bool isWindowed = window > 0 && window < length;
        float usual = 1 / MathF.Sqrt(config.HeadDim), scale = config.AttentionScale == 0 ? usual : config.AttentionScale;
        if (config.ScoreCap == 0)
        {
            var scaled = scale == usual ? queries : queries * (scale / usual); // the library divides by the root itself
            return isWindowed
                ? functional.scaled_dot_product_attention(scaled, keys, values, Mask(length, window).to(queries.dtype))
                : functional.scaled_dot_product_attention(scaled, keys, values, is_casual: true);
        }

        var scores = TorchDecoder.Cap(matmul(queries, keys.transpose(-1, -2)).to(float32) * scale, config.ScoreCap);
        return matmul((scores + Mask(length, isWindowed ? window : 0)).softmax(-1).to(values.dtype), values);

        Tensor Mask(long rows, int width)
        {
            var all = full(rows, rows, float.NegativeInfinity, dtype: float32, device: queries.device);
            var later = triu(all, 1);
            return width == 0 ? later : later + tril(all, -width);
        }
    }

    private static Tensor Heads(Tensor rows, int start, int length, int copies)
    {
        var heads = rows.narrow(0, start, length).transpose(0, 1).unsqueeze(0);
        return copies == 1 ? heads : heads.repeat_interleave(copies, 1);
    }

    /// <summary>Each key head beside itself, once for every query head that it serves.</summary>
    private Tensor Shared(Tensor rows, int start, int length) => Heads(rows, start, length, config.HeadCount / config.KvHeadCount);
}
