using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>What a configuration asks of the kernels; sampling and training take it from here, so that they agree.</summary>
internal static class ModelShapes
{
    /// <summary>Heads, scale, cap and window of a layer's attention.</summary>
    internal static AttentionShape Attention(ModelConfig config, int layer) =>
        new(config.HeadCount, config.KvHeadCount, config.HeadDim)
        {
            ScoreScale = config.AttentionScale,
            ScoreCap = config.ScoreCap,
            Window = config.WindowOf(layer),
        };

    /// <summary>The factor on embeddings; 1 for none.</summary>
    internal static float EmbeddingScale(ModelConfig config) => config.Family.ScalesEmbeddings ? MathF.Sqrt(config.ModelDim) : 1;

    /// <summary>Normalises rows as the family does.</summary>
    /// <param name="config">Kind and epsilon.</param>
    /// <param name="x">Shape [T, D].</param>
    /// <param name="gain">Shape [D], the family's offset in it.</param>
    /// <param name="bias">Shape [D], or empty.</param>
    /// <param name="output">Shape [T, D]; may be x itself.</param>
    internal static void Norm(ModelConfig config, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, Span<float> output)
    {
        if (config.Family.Norm is NormKind.Layer)
        {
            LayerNorm.Apply(x, gain, bias, config.NormEpsilon, output);
        }
        else
        {
            RmsNorm.Apply(x, gain, config.NormEpsilon, output);
        }
    }

    /// <summary>The feed-forward layer's activation.</summary>
    /// <param name="config">Which.</param>
    /// <param name="gateUp">Shape [T, 2 F], or [T, F] without a gate.</param>
    /// <param name="output">Shape [T, F].</param>
    internal static void Activate(ModelConfig config, ReadOnlySpan<float> gateUp, Span<float> output)
    {
        switch (config.Activation, config.Family.IsGated)
        {
            case (Activation.Silu, true):
                SwiGlu.Apply(gateUp, config.FeedForwardDim, output);
                break;
            case (Activation.GeluTanh, true):
                GeGlu.Apply(gateUp, config.FeedForwardDim, output);
                break;
            case (Activation.GeluTanh, false):
                Gelu.Apply(gateUp, output);
                break;
            default:
                throw NotComputed(config);
        }
    }

    /// <summary>The gradient of <see cref="Activate"/>.</summary>
    internal static void ActivateBackward(
        ModelConfig config, ReadOnlySpan<float> gateUp, ReadOnlySpan<float> outputGradient, Span<float> gateUpGradient)
    {
        switch (config.Activation, config.Family.IsGated)
        {
            case (Activation.Silu, true):
                SwiGlu.Backward(gateUp, config.FeedForwardDim, outputGradient, gateUpGradient);
                break;
            case (Activation.GeluTanh, true):
                GeGlu.Backward(gateUp, config.FeedForwardDim, outputGradient, gateUpGradient);
                break;
            case (Activation.GeluTanh, false):
                Gelu.Backward(gateUp, outputGradient, gateUpGradient);
                break;
            default:
                throw NotComputed(config);
        }
    }

    private static NotSupportedException NotComputed(ModelConfig config) =>
        new($"{config.Family} has {config.Activation} without a gate, expected gelu_new or gelu_pytorch_tanh.");
}
