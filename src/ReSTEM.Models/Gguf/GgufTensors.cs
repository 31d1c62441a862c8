namespace ReSTEM.Models;

/// <summary>A model's tensors as llama.cpp has them: its names, its order of rows, gains with their offset added.</summary>
internal static class GgufTensors
{
    private const int NumbersAtOnce = 1 << 20;

    internal static IReadOnlyList<GgufTensor> Of(IWeightSource weights, GgufType type)
    {
        var config = weights.Config;
        var architecture = GgufArchitecture.For(config.Family);
        List<GgufTensor> tensors = [.. GgufRope.Factors(config)];
        foreach (var place in weights.Places)
        {
            tensors.Add(One(weights, place, NameOf(weights, place), type));
        }

        if (architecture.HeadRule is HeadRule.Stored && config.TiedEmbeddings)
        {
            tensors.Add(One(weights, weights.Of(WeightPart.Embedding)[0], "output.weight", type));
        }

        return tensors;
    }

    private static GgufTensor One(IWeightSource weights, TensorPlace place, string name, GgufType type)
    {
        var config = weights.Config;
        bool isVector = place.Shape.Count == 1;
        var stored = isVector || place.Part is WeightPart.Positions ? GgufType.F32
            : type is GgufType.Q8 && place.RowLength % GgufNumbers.BlockLength != 0 ? GgufType.F16
            : type;
        float offset = IsGain(place.Part) ? config.Family.GainOffset : 0;
        bool isTurned = GgufArchitecture.For(config.Family).TurnsNeighbours && IsQueryOrKey(weights, place);
        int rowLength = isTurned && isVector ? 1 : place.RowLength; // the numbers of a bias are moved like rows
        return new GgufTensor(name, place.Shape, stored, take =>
        {
            int unit = isVector ? place.Length : isTurned ? config.HeadDim * rowLength : rowLength;
            int atOnce = Math.Max(1, NumbersAtOnce / unit) * unit;
            float[] numbers = new float[Math.Min(atOnce, place.Length)];
            for (int first = 0; first < place.Length; first += atOnce)
            {
                var part = numbers.AsSpan(0, Math.Min(atOnce, place.Length - first));
                weights.Read(place, first / place.RowLength, part);
                foreach (ref float number in part)
                {
                    number += offset;
                }

                take(isTurned ? Neighbours(part, config.HeadDim, rowLength) : part);
            }
        });
    }

    /// <summary>Rows i and i + Hd / 2 of each head become rows 2 i and 2 i + 1.</summary>
    private static float[] Neighbours(ReadOnlySpan<float> rows, int headDim, int rowLength)
    {
        float[] turned = new float[rows.Length];
        for (int row = 0; row < rows.Length / rowLength; row++)
        {
            int within = row % headDim, half = headDim / 2;
            int target = row - within + (2 * (within % half)) + (within / half);
            rows.Slice(row * rowLength, rowLength).CopyTo(turned.AsSpan(target * rowLength));
        }

        return turned;
    }

    private static bool IsQueryOrKey(IWeightSource weights, TensorPlace place) =>
        place.Part is WeightPart.QueryKeyValue or WeightPart.QueryKeyValueBias && IndexOf(weights, place) < 2;

    private static int IndexOf(IWeightSource weights, TensorPlace place) => weights.Of(place.Part, place.Layer).ToList().IndexOf(place);

    private static bool IsGain(WeightPart part) => part is WeightPart.AttentionNorm or WeightPart.QueryNorm or WeightPart.KeyNorm
        or WeightPart.AfterAttentionNorm or WeightPart.FeedForwardNorm or WeightPart.AfterFeedForwardNorm or WeightPart.FinalNorm;

    private static string NameOf(IWeightSource weights, TensorPlace place)
    {
        bool isWhole = weights.Of(place.Part, place.Layer).Count == 1;
        int index = IndexOf(weights, place);
        string name = place.Part switch
        {
            WeightPart.Embedding => "token_embd",
            WeightPart.Positions => "position_embd",
            WeightPart.AttentionNorm or WeightPart.AttentionNormBias => "attn_norm",
            WeightPart.QueryKeyValue or WeightPart.QueryKeyValueBias => isWhole ? "attn_qkv" : $"attn_{"qkv"[index]}",
            WeightPart.QueryNorm => "attn_q_norm",
            WeightPart.KeyNorm => "attn_k_norm",
            WeightPart.Output or WeightPart.OutputBias => "attn_output",
            WeightPart.AfterAttentionNorm => "post_attention_norm",
            WeightPart.FeedForwardNorm or WeightPart.FeedForwardNormBias => "ffn_norm",
            WeightPart.GateUp or WeightPart.GateUpBias => isWhole || index == 1 ? "ffn_up" : "ffn_gate",
            WeightPart.Down or WeightPart.DownBias => "ffn_down",
            WeightPart.AfterFeedForwardNorm => "post_ffw_norm",
            WeightPart.FinalNorm or WeightPart.FinalNormBias => "output_norm",
            _ => "output",
        };
        string prefix = place.Layer < 0 ? "" : $"blk.{place.Layer}.";
        return prefix + name + (place.Name.EndsWith(".bias", StringComparison.Ordinal) ? ".bias" : ".weight");
    }
}
