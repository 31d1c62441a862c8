using ReSTEM.Engines;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>Loss and gradient of a decoder over packed sequences.</summary>
/// <param name="decoder">Its trained tensors require gradients, which are added to.</param>
/// <param name="rotations">Of its layers.</param>
/// <param name="isFrozen">Whether only an adapter is trained, so that nothing below the first layer needs a gradient.</param>
/// <param name="recomputes">Whether layers are computed again in the backward pass, so that only their inputs are held.</param>
internal sealed class DecoderPass(TorchDecoder decoder, Rotations rotations, bool isFrozen, bool recomputes)
{
    /// <summary>Adds the gradient of a batch's weighted negative log-likelihood to the trained tensors.</summary>
    /// <returns>The losses in nats; each prediction times its weight.</returns>
    internal LossSum AddLossAndGradient(PackedBatch batch)
    {
        using var scope = NewDisposeScope();
        var ids = Indices(batch.Ids);
        var positions = Indices(batch.Positions);
        var layers = new Layers(decoder, rotations.At(positions), new PackedAttention(decoder.Config, batch.Starts));
        return recomputes ? RunRecomputing(batch, layers, ids, positions) : RunAtOnce(batch, layers, ids, positions);
    }

    private LossSum RunAtOnce(PackedBatch batch, Layers layers, Tensor ids, Tensor positions)
    {
        var rows = Begin(ids, positions);
        for (int layer = 0; layer < decoder.Config.LayerCount; layer++)
        {
            rows = layers.Run(rows, layer);
        }

        var (loss, gradient) = LmHeadLoss.Run(decoder, rows, batch.Predictions);
        rows.backward([gradient]);
        return loss;
    }

    private LossSum RunRecomputing(PackedBatch batch, Layers layers, Tensor ids, Tensor positions)
    {
        int count = decoder.Config.LayerCount;
        var inputs = new Tensor[count + 1];
        using (no_grad())
        {
            inputs[0] = decoder.Embed(ids, positions);
            for (int layer = 0; layer < count; layer++)
            {
                inputs[layer + 1] = layers.Run(inputs[layer], layer);
            }
        }

        var (loss, gradient) = LmHeadLoss.Run(decoder, inputs[count], batch.Predictions);
        for (int layer = count - 1; layer >= 0; layer--)
        {
            using var scope = NewDisposeScope();
            var input = inputs[layer].detach().requires_grad_();
            layers.Run(input, layer).backward([gradient]);
            var next = input.grad!.MoveToOuterDisposeScope();
            gradient.Dispose();
            inputs[layer + 1].Dispose();
            gradient = next;
        }

        if (!isFrozen)
        {
            decoder.Embed(ids, positions).backward([gradient]);
        }

        return loss;
    }

    /// <summary>The residual stream that the first layer sees. Frozen embeddings have no gradient, but the rows above them need one.</summary>
    private Tensor Begin(Tensor ids, Tensor positions)
    {
        var rows = decoder.Embed(ids, positions);
        return isFrozen ? rows.detach().requires_grad_() : rows;
    }

    private Tensor Indices(int[] values) => tensor([.. values.Select(static value => (long)value)], dtype: int64).to(decoder.Device);

    private sealed record Layers(TorchDecoder Decoder, Rotation?[] Rotations, IAttention Attention)
    {
        internal Tensor Run(Tensor rows, int layer) => Decoder.Layer(rows, layer, Rotations[layer], Attention);
    }
}
