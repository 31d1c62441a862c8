using ReSTEM.Engines;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>LM head and cross-entropy, for some predictions at a time, so that the logits of a whole batch never exist.</summary>
internal static class LmHeadLoss
{
    private const int LogitsPerChunk = 1 << 23;
    private const int MostRows = 1024;
    private const int LeastRows = 16;

    /// <summary>Predictions that are computed at once.</summary>
    internal static int ChunkRows(int vocabularySize) => Math.Clamp(LogitsPerChunk / vocabularySize, LeastRows, MostRows);

    /// <summary>Weight times cross-entropy of each prediction to its target; adds the gradients of the head and of the norm before it.</summary>
    /// <param name="decoder">With the head.</param>
    /// <param name="rows">The residual stream behind the last layer, [T, D]; may be part of a graph, which is not gone through here.</param>
    /// <param name="predictions">What counts; rows without one get the gradient 0 and cost nothing here.</param>
    /// <returns>The losses in nats, and the gradient of their sum in the rows, [T, D].</returns>
    internal static (LossSum Loss, Tensor Gradient) Run(TorchDecoder decoder, Tensor rows, IReadOnlyList<Prediction> predictions)
    {
        using var scope = NewDisposeScope();
        var hidden = rows.detach().requires_grad_();
        int chunk = ChunkRows(decoder.Config.VocabularySize);
        LossSum loss = default;
        for (int first = 0; first < predictions.Count; first += chunk)
        {
            RunChunk(decoder, hidden, [.. predictions.Skip(first).Take(chunk)], ref loss);
        }

        return (loss, (hidden.grad ?? zeros_like(hidden)).MoveToOuterDisposeScope());
    }

    private static void RunChunk(TorchDecoder decoder, Tensor hidden, Prediction[] predictions, ref LossSum loss)
    {
        using var scope = NewDisposeScope();
        var device = hidden.device;
        var logits = decoder.Logits(Inputs(decoder, hidden, predictions));
        var wanted = Chosen(predictions, static prediction => prediction.Target);
        if (predictions.Any(static prediction => prediction.Other is not null))
        {
            var share = Numbers(predictions, static prediction => prediction.Other?.TargetShare ?? 1, device);
            wanted = (share * wanted) + ((1 - share) * Chosen(predictions, static prediction => prediction.Other?.Target ?? prediction.Target));
        }

        if (predictions.Any(static prediction => prediction.Smoothing > 0))
        {
            var smoothing = Numbers(predictions, static prediction => prediction.Smoothing, device);
            wanted = ((1 - smoothing) * wanted) + (smoothing * logits.mean([-1]));
        }

        var losses = logits.logsumexp(-1) - wanted;
        (losses * Numbers(predictions, static prediction => prediction.Weight, device)).sum().backward();
        var values = losses.detach().cpu().data<float>();
        for (int index = 0; index < predictions.Length; index++)
        {
            loss.Add(predictions[index], values[index]);
        }

        Tensor Chosen(Prediction[] of, Func<Prediction, int> token) => logits.gather(1, Indices(of, token, device).unsqueeze(1)).squeeze(1);
    }

    /// <summary>What goes into the head, behind the final norm: rows, and mixtures of two.</summary>
    private static Tensor Inputs(TorchDecoder decoder, Tensor hidden, Prediction[] predictions)
    {
        var first = decoder.FinalNorm(hidden.index_select(0, Indices(predictions, static prediction => prediction.Row, hidden.device)));
        if (predictions.All(static prediction => prediction.Other is null))
        {
            return first;
        }

        var second = decoder.FinalNorm(hidden.index_select(0, Indices(predictions, static prediction => prediction.Other?.Row ?? prediction.Row, hidden.device)));
        var share = Numbers(predictions, static prediction => prediction.Other?.Share ?? 1, hidden.device).unsqueeze(1);
        return ((share * first) + ((1 - share) * second)).to(first.dtype);
    }

    private static Tensor Indices(Prediction[] predictions, Func<Prediction, int> index, Device device) =>
        tensor([.. predictions.Select(prediction => (long)index(prediction))], dtype: int64).to(device);

    private static Tensor Numbers(Prediction[] predictions, Func<Prediction, float> number, Device device) =>
        tensor([.. predictions.Select(number)], dtype: float32).to(device);
}
