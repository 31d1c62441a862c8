using ReSTEM.Models;

namespace ReSTEM.Managed;

/// <summary>A stretch of the parameter vector.</summary>
/// <param name="Start">First number.</param>
/// <param name="Length">Count of numbers.</param>
internal readonly record struct Stretch(int Start, int Length);

/// <summary>A tensor in the parameter vector.</summary>
/// <param name="Name">As stored in the model's folder.</param>
/// <param name="Shape">Extents.</param>
/// <param name="Place">Where its numbers are.</param>
/// <param name="IsDecayed">False for norm gains and biases.</param>
internal sealed record Parameter(string Name, IReadOnlyList<int> Shape, Stretch Place, bool IsDecayed);

/// <summary>Where the parts of one layer lie; neighbours that the forward pass multiplies at once are one stretch.</summary>
internal sealed record LayerLayout
{
    internal required Stretch AttentionNorm { get; init; }

    /// <summary>Query, key and value projections, [(H + 2 K) * Hd, D].</summary>
    internal required Stretch QueryKeyValue { get; init; }

    /// <summary>Their biases; empty for a model without.</summary>
    internal required Stretch QueryKeyValueBias { get; init; }

    internal required Stretch Output { get; init; }

    internal required Stretch FeedForwardNorm { get; init; }

    /// <summary>Gate and up projections, [2 F, D].</summary>
    internal required Stretch GateUp { get; init; }

    internal required Stretch Down { get; init; }
}

/// <summary>All weights of a model as one vector, in the order of <see cref="ModelLayout.Tensors"/>.</summary>
internal sealed class ParameterLayout
{
    internal ParameterLayout(ModelConfig config)
    {
        Config = config;
        var parameters = new List<Parameter>();
        foreach (var (name, shape) in ModelLayout.Tensors(config))
        {
            int length = shape.Aggregate(1, (product, extent) => checked(product * extent));
            parameters.Add(new Parameter(name, shape, new Stretch(Length, length), shape.Count > 1));
            Length = checked(Length + length);
        }

        Parameters = parameters;
        Embedding = Of("model.embed_tokens.weight");
        FinalNorm = Of("model.norm.weight");
        Head = config.TiedEmbeddings ? Embedding : Of("lm_head.weight");
        Layers = [.. Enumerable.Range(0, config.LayerCount).Select(Layer)];
    }

    internal ModelConfig Config { get; }

    internal IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Count of numbers.</summary>
    internal int Length { get; }

    internal Stretch Embedding { get; }

    internal Stretch FinalNorm { get; }

    /// <summary>The same stretch as <see cref="Embedding"/> where they are tied.</summary>
    internal Stretch Head { get; }

    internal IReadOnlyList<LayerLayout> Layers { get; }

    /// <summary>Copies a model's weights into a vector.</summary>
    internal void Read(ModelWeights weights, Span<float> values)
    {
        foreach (var parameter in Parameters)
        {
            weights[parameter.Name].Values.CopyTo(values.Slice(parameter.Place.Start, parameter.Place.Length));
        }
    }

    /// <summary>A copy of the vector as a model.</summary>
    internal ModelWeights ToWeights(ReadOnlySpan<float> values)
    {
        var weights = ModelWeights.Zeros(Config);
        foreach (var parameter in Parameters)
        {
            values.Slice(parameter.Place.Start, parameter.Place.Length).CopyTo(weights[parameter.Name].Values);
        }

        return weights;
    }

    private LayerLayout Layer(int layer)
    {
        string prefix = $"model.layers.{layer}.";
        var bias = Config.HasQueryKeyValueBias
            ? Join(prefix + "self_attn.q_proj.bias", prefix + "self_attn.v_proj.bias")
            : default;
        return new LayerLayout
        {
            AttentionNorm = Of(prefix + "input_layernorm.weight"),
            QueryKeyValue = Join(prefix + "self_attn.q_proj.weight", prefix + "self_attn.v_proj.weight"),
            QueryKeyValueBias = bias,
            Output = Of(prefix + "self_attn.o_proj.weight"),
            FeedForwardNorm = Of(prefix + "post_attention_layernorm.weight"),
            GateUp = Join(prefix + "mlp.gate_proj.weight", prefix + "mlp.up_proj.weight"),
            Down = Of(prefix + "mlp.down_proj.weight"),
        };
    }

    private Stretch Of(string name) => Parameters.Single(parameter => parameter.Name == name).Place;

    private Stretch Join(string first, string last)
    {
        Stretch from = Of(first), to = Of(last);
        return new Stretch(from.Start, to.Start + to.Length - from.Start);
    }
}
