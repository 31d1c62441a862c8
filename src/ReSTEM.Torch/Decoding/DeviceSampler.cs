using ReSTEM.Core;
using ReSTEM.Engines;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>
/// <see cref="TokenSampler"/> in operations of a device: whole weights make sums exact in any order, so that equal logits give equal tokens.
/// </summary>
internal sealed class DeviceSampler(Device device) : IRowSampler, IDisposable
{
    private const int MostNumbers = 1 << 23; // of one operation: rows are taken in parts

    private readonly DeviceExponentials _exponentials = new(device);

    public DrawnToken[] Draw(Tensor logits, IReadOnlyList<(int Row, TokenDraw Draw)> rows)
    {
        int most = (int)Math.Max(1, MostNumbers / logits.shape[1]);
        return [.. rows.Chunk(most).SelectMany(part => DrawPart(logits, part))];
    }

    public void Dispose() => _exponentials.Dispose();

    private DrawnToken[] DrawPart(Tensor logits, (int Row, TokenDraw Draw)[] rows)
    {
        using var scope = NewDisposeScope();
        SamplingOptions[] options = [.. rows.Select(static row => row.Draw.Options)];
        var x = logits.index_select(0, Column(rows.Select(static row => (long)row.Row)).view(-1)) + 0; // turns -0 into 0, which sorting may tell apart
        var max = x.amax([-1], keepdim: true);
        var below = x - max;
        var exponentials = _exponentials.Of(below);
        double[] logSums = [.. (max.to(float64) + exponentials.sum(-1, keepdim: true, type: float64).log()).cpu().data<double>()];
        ThrowUnlessFinite(logSums);
        var weights = Weights(Array.TrueForAll(options, static row => row.Temperature is 0 or 1) ? exponentials : Tempered(below, options));
        if (Array.Exists(options, static row => row.TopK > 0 || row.TopP < 1))
        {
            weights = Filtered(x, weights, options);
        }

        var drawn = (weights.cumsum(-1) <= Column(Targets(weights, rows))).sum(-1, keepdim: true);
        var greedy = arange(x.shape[1], int64, device).expand(x.shape).masked_fill(x < max, x.shape[1]).amin([-1], keepdim: true);
        var ids = where(Column(options.Select(static row => row.Temperature == 0 ? 1L : 0)) == 1, greedy, drawn);
        long[] chosen = [.. ids.cpu().data<long>()];
        float[] values = [.. x.gather(1, ids).cpu().data<float>()];
        return [.. Enumerable.Range(0, rows.Length).Select(row => new DrawnToken((int)chosen[row], values[row] - logSums[row]))];
    }

    private static void ThrowUnlessFinite(double[] logSums)
    {
        foreach (double logSum in logSums)
        {
            if (!double.IsFinite(logSum))
            {
                throw new InvalidDataException(
                    $"The logarithm of the sum of the logits' exponentials is {logSum}, expected a finite number; the model's weights are damaged.");
            }
        }
    }

    private Tensor Tempered(Tensor below, SamplingOptions[] options)
    {
        float[] factors = [.. options.Select(static row => row.Temperature == 0 ? 1 : (float)(1 / row.Temperature))];
        return _exponentials.Of(below * tensor(factors, factors.Length, 1).to(device));
    }

    /// <summary>As whole multiples of the sampler's unit, the nearest, the even one of two.</summary>
    private static Tensor Weights(Tensor exponentials) => (exponentials.to(float64) * TokenSampler.WeightUnit).round().to(int64);

    /// <summary>Weights without those of tokens that top-k and top-p leave out; larger logits come first, and lower ids among equals.</summary>
    private Tensor Filtered(Tensor x, Tensor weights, SamplingOptions[] options)
    {
        using var scope = NewDisposeScope();
        long size = x.shape[1];
        var (_, order) = x.sort(-1, descending: true, stable: true);
        var counts = Column(options.Select(row => row.TopK > 0 ? Math.Min(row.TopK, size) : size));
        var sorted = weights.gather(-1, order).masked_fill(arange(size, int64, device) >= counts, 0);
        double[] shares = [.. options.Select(static row => row.TopP)];
        var share = tensor(shares, shares.Length, 1).to(device);
        var enough = (share * sorted.sum(-1, keepdim: true).to(float64)).ceil().clamp_min(1).to(int64).masked_fill(share >= 1, long.MaxValue);
        var before = sorted.cumsum(-1) - sorted;
        return zeros_like(weights).scatter_(-1, order, sorted.masked_fill(before >= enough, 0)).MoveToOuterDisposeScope();
    }

    private static IEnumerable<long> Targets(Tensor weights, (int Row, TokenDraw Draw)[] rows)
    {
        long[] sums = [.. weights.sum(-1).cpu().data<long>()];
        return rows.Select((row, index) => TokenSampler.Share(row.Draw.Random.Uniform(row.Draw.Position), sums[index]));
    }

    private Tensor Column(IEnumerable<long> values)
    {
        long[] column = [.. values];
        return tensor(column, column.Length, 1).to(device);
    }
}
