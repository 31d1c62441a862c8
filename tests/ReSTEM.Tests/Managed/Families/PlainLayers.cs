namespace ReSTEM.Tests;

/// <summary>The parts that decoders are built from, as plain loops over double; rows are tokens.</summary>
internal static class PlainLayers
{
    /// <summary><c>x W^T + b</c>, [T, in] to [T, out], with W [out, in] as torch.nn.Linear stores it and b [out].</summary>
    internal static double[][] Linear(double[][] x, PlainTensor weight, PlainTensor? bias)
    {
        int outs = weight.Shape[0], ins = weight.Shape[1];
        return Map(x, row =>
        {
            double[] sums = new double[outs];
            for (int o = 0; o < outs; o++)
            {
                sums[o] = bias?.Values[o] ?? 0;
                for (int i = 0; i < ins; i++)
                {
                    sums[o] += row[i] * weight.Values[(o * ins) + i];
                }
            }

            return sums;
        });
    }

    /// <summary><c>w * x / sqrt(mean(x^2) + epsilon)</c> over rows of any number of groups of w's length.</summary>
    /// <remarks>Zhang and Sennrich 2019, arXiv:1910.07467, equation 4; Gemma's gain is 1 + w (GemmaRMSNorm).</remarks>
    internal static double[][] RmsNorm(double[][] x, PlainTensor weight, double gainOffset, double epsilon) => Map(x, row =>
    {
        int dim = weight.Values.Length;
        double[] scaled = new double[row.Length];
        for (int start = 0; start < row.Length; start += dim)
        {
            double squares = row.Skip(start).Take(dim).Sum(value => value * value);
            for (int i = 0; i < dim; i++)
            {
                scaled[start + i] = (gainOffset + weight.Values[i]) * row[start + i] / Math.Sqrt((squares / dim) + epsilon);
            }
        }

        return scaled;
    });

    /// <summary><c>w * (x - mean) / sqrt(variance + epsilon) + b</c>.</summary>
    /// <remarks>Ba et al. 2016, arXiv:1607.06450; the variance is that of the row, not an estimate.</remarks>
    internal static double[][] LayerNorm(double[][] x, PlainTensor weight, PlainTensor bias, double epsilon) => Map(x, row =>
    {
        double mean = row.Average();
        double deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + epsilon);
        return [.. row.Select((value, i) => (weight.Values[i] * (value - mean) / deviation) + bias.Values[i])];
    });

    /// <summary>Causal scaled dot-product attention: q [T, H * Hd], k and v [T, K * Hd], result [T, H * Hd].</summary>
    /// <remarks>
    /// Vaswani et al. 2017, arXiv:1706.03762, equation 1; groups of query heads share a key-value head (Ainslie et al. 2023,
    /// arXiv:2305.13245); a window w admits j with i - w &lt; j &lt;= i (sliding_window_overlay of masking_utils.py);
    /// capped scores are cap * tanh(score / cap) before the mask (Gemma 2 report, arXiv:2408.00118, section 2).
    /// </remarks>
    internal static double[][] Attend(
        double[][] q, double[][] k, double[][] v, int headDim, double scale, int? window, double? cap)
    {
        int headCount = q[0].Length / headDim, groupSize = headCount / (k[0].Length / headDim);
        double[][] mixed = Map(q, row => new double[row.Length]);
        for (int t = 0; t < q.Length; t++)
        {
            int oldest = window is int width ? Math.Max(0, t - width + 1) : 0;
            for (int head = 0; head < headCount; head++)
            {
                int query = head * headDim, shared = head / groupSize * headDim;
                double[] weights = [.. Enumerable.Range(oldest, t - oldest + 1).Select(s => Score(q[t], query, k[s], shared))];
                Softmax(weights);
                for (int s = oldest; s <= t; s++)
                {
                    for (int i = 0; i < headDim; i++)
                    {
                        mixed[t][query + i] += weights[s - oldest] * v[s][shared + i];
                    }
                }
            }
        }

        return mixed;

        double Score(double[] queries, int query, double[] keys, int key)
        {
            double sum = 0;
            for (int i = 0; i < headDim; i++)
            {
                sum += queries[query + i] * keys[key + i];
            }

            return Cap(sum * scale, cap);
        }
    }

    /// <summary><c>cap * tanh(x / cap)</c>, or x where there is no cap.</summary>
    internal static double Cap(double x, double? cap) => cap is double limit ? limit * Math.Tanh(x / limit) : x;

    /// <summary>The activations of the families by their names in config.json.</summary>
    /// <remarks>
    /// SiLU: Elfwing et al. 2017, arXiv:1702.03118. GELU: Hendrycks and Gimpel 2016, arXiv:1606.08415, in the tanh form of
    /// its section 2; gelu_new and gelu_pytorch_tanh are the same function.
    /// </remarks>
    internal static double Activate(string name, double x) => name switch
    {
        "silu" or "swish" => x / (1 + Math.Exp(-x)),
        "gelu_new" or "gelu_pytorch_tanh" => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        _ => throw new NotSupportedException($"the activation is {name}, expected silu, gelu_new or gelu_pytorch_tanh."),
    };

    internal static double[][] Sum(double[][] left, double[][] right) =>
        [.. left.Zip(right, (a, b) => a.Zip(b, (x, y) => x + y).ToArray())];

    internal static double[][] Product(double[][] left, double[][] right) =>
        [.. left.Zip(right, (a, b) => a.Zip(b, (x, y) => x * y).ToArray())];

    internal static double[][] Each(double[][] x, Func<double, double> function) => Map(x, row => [.. row.Select(function)]);

    /// <summary>Columns start to start + count - 1.</summary>
    internal static double[][] Columns(double[][] x, int start, int count) => Map(x, row => row[start..(start + count)]);

    private static double[][] Map(double[][] x, Func<double[], double[]> function) => [.. x.Select(function)];

    private static void Softmax(double[] scores)
    {
        double largest = scores.Max();
        double sum = scores.Sum(score => Math.Exp(score - largest));
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = Math.Exp(scores[i] - largest) / sum;
        }
    }
}
