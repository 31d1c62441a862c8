using ReSTEM.Models;

namespace ReSTEM.Tests;

/// <summary>
/// Llama in double precision, written from its papers and from nothing of the product: RMSNorm, rotary embedding by halves, grouped-query attention,
/// SwiGLU. Slow and plain, for derivatives by finite differences.
/// </summary>
/// <remarks>Touvron et al. 2023, arXiv:2302.13971, section 2.2; Su et al. 2021, arXiv:2104.09864; Ainslie et al. 2023, arXiv:2305.13245.</remarks>
internal sealed class DoubleLlama
{
    private readonly ModelConfig _config;

    internal DoubleLlama(ModelWeights weights)
    {
        _config = weights.Config;
        Tensors = weights.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Values.Select(value => (double)value).ToArray());
    }

    /// <summary>The weights, to be changed; matrices are [out, in].</summary>
    internal Dictionary<string, double[]> Tensors { get; }

    /// <summary>What goes into the LM head at each position.</summary>
    internal double[][] Hidden(IReadOnlyList<int> ids)
    {
        double[][] rows = [.. ids.Select(id => Tensors["model.embed_tokens.weight"].AsSpan(id * _config.ModelDim, _config.ModelDim).ToArray())];
        for (int layer = 0; layer < _config.LayerCount; layer++)
        {
            string at = $"model.layers.{layer}.";
            double[][] normed = [.. rows.Select(row => Norm(row, at + "input_layernorm.weight"))];
            double[][] mixed = Attend(normed, at + "self_attn.");
            rows = [.. rows.Zip(mixed, (row, attended) => Sum(row, Multiply(at + "self_attn.o_proj.weight", attended)))];
            rows = [.. rows.Select(row => Sum(row, FeedForward(Norm(row, at + "post_attention_layernorm.weight"), at + "mlp.")))];
        }

        return [.. rows.Select(row => Norm(row, "model.norm.weight"))];
    }

    /// <summary>Log-probabilities of all tokens for a row that goes into the LM head.</summary>
    internal double[] LogProbabilities(double[] hidden)
    {
        double[] logits = Multiply(_config.TiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight", hidden);
        double max = logits.Max(), logSum = max + Math.Log(logits.Sum(logit => Math.Exp(logit - max)));
        return [.. logits.Select(logit => logit - logSum)];
    }

    private double[][] Attend(double[][] rows, string at)
    {
        int width = _config.HeadDim, shared = _config.HeadCount / _config.KvHeadCount;
        double[][] queries = [.. rows.Select((row, t) => Rotate(Multiply(at + "q_proj.weight", row), t))];
        double[][] keys = [.. rows.Select((row, t) => Rotate(Multiply(at + "k_proj.weight", row), t))];
        double[][] values = [.. rows.Select(row => Multiply(at + "v_proj.weight", row))];
        return [.. rows.Select((_, t) =>
        {
            double[] output = new double[_config.HeadCount * width];
            for (int head = 0; head < _config.HeadCount; head++)
            {
                int query = head * width, key = head / shared * width;
                double[] scores = [.. Enumerable.Range(0, t + 1).Select(s =>
                    Enumerable.Range(0, width).Sum(i => queries[t][query + i] * keys[s][key + i]) / Math.Sqrt(width))];
                double max = scores.Max(), sum = scores.Sum(score => Math.Exp(score - max));
                for (int s = 0; s <= t; s++)
                {
                    for (int i = 0; i < width; i++)
                    {
                        output[query + i] += Math.Exp(scores[s] - max) / sum * values[s][key + i];
                    }
                }
            }

            return output;
        })];
    }

    private double[] FeedForward(double[] row, string at)
    {
        double[] gate = Multiply(at + "gate_proj.weight", row), up = Multiply(at + "up_proj.weight", row);
        return Multiply(at + "down_proj.weight", [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)]);
    }

    private double[] Rotate(double[] heads, int position)
    {
        int half = _config.HeadDim / 2;
        double[] rotated = [.. heads];
        for (int start = 0; start < heads.Length; start += _config.HeadDim)
        {
            for (int i = 0; i < half; i++)
            {
                double angle = position * Math.Pow(_config.Rope!.Theta, -2.0 * i / _config.HeadDim);
                double first = heads[start + i], second = heads[start + i + half];
                rotated[start + i] = (first * Math.Cos(angle)) - (second * Math.Sin(angle));
                rotated[start + i + half] = (second * Math.Cos(angle)) + (first * Math.Sin(angle));
            }
        }

        return rotated;
    }

    private double[] Norm(double[] row, string gain)
    {
        double scale = 1 / Math.Sqrt(row.Average(value => value * value) + _config.NormEpsilon);
        return [.. row.Select((value, i) => value * scale * Tensors[gain][i])];
    }

    private double[] Multiply(string matrix, double[] row)
    {
        double[] weights = Tensors[matrix], output = new double[weights.Length / row.Length];
        for (int o = 0; o < output.Length; o++)
        {
            for (int i = 0; i < row.Length; i++)
            {
                output[o] += weights[(o * row.Length) + i] * row[i];
            }
        }

        return output;
    }

    private static double[] Sum(double[] one, double[] other) => [.. one.Zip(other, (a, b) => a + b)];
}
