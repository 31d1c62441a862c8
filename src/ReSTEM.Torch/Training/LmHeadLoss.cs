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
    /// <returns>The loss in nats, and its gradient in the rows, [T, D].</returns>
    internal static (double Loss, Tensor Gradient) Run(TorchDecoder decoder, Tensor rows, IReadOnlyList<Prediction> predictions)
    {
        using var scope = NewDisposeScope();
        var hidden = rows.detach().requires_grad_();
        int chunk = ChunkRows(decoder.Config.VocabularySize);
        double loss = 0;
        for (int first = 0; first < predictions.Count; first += chunk)
        {
            loss += RunChunk(decoder, hidden, [.. predictions.Skip(first).Take(chunk)]);
        }

        return (loss, (hidden.grad ?? zeros_like(hidden)).MoveToOuterDisposeScope());
    }

    private static double RunChunk(TorchDecoder decoder, Tensor hidden, Prediction[] predictions)
    {
        using var scope = NewDisposeScope();
        var device = hidden.device;
        var taken = tensor([.. predictions.Select(static prediction => (long)prediction.Row)], dtype: int64).to(device);
        var targets = tensor([.. predictions.Select(static prediction => (long)prediction.Target)], dtype: int64).to(device);
        var weights = tensor([.. predictions.Select(static prediction => prediction.Weight)], dtype: float32).to(device);
        var logits = decoder.Logits(decoder.FinalNorm(hidden.index_select(0, taken)));
        var wanted = logits.gather(1, targets.unsqueeze(1)).squeeze(1);
        if (predictions.Any(static prediction => prediction.Smoothing > 0))
        {
            var smoothing = tensor([.. predictions.Select(static prediction => prediction.Smoothing)], dtype: float32).to(device);
            wanted = ((1 - smoothing) * wanted) + (smoothing * logits.mean([-1]));
        }

        var losses = logits.logsumexp(-1) - wanted;
        (losses * weights).sum().backward();
        double sum = 0;
        var values = losses.detach().cpu().data<float>();
        for (int index = 0; index < predictions.Length; index++)
        {
            sum += (double)predictions[index].Weight * values[index];
        }

        return sum;
    }
}
