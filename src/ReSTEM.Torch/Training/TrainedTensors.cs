using ReSTEM.Core;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>A tensor under training.</summary>
/// <param name="Values">Float32, requires a gradient.</param>
/// <param name="Mask">1 where it is trained, 0 where it stays as it is; null for everywhere.</param>
internal sealed record TrainedTensor(Tensor Values, Tensor? Mask = null)
{
    /// <summary>False for norm gains and biases.</summary>
    internal bool IsDecayed => Values.dim() > 1;
}

/// <summary>Tensors under AdamW, with clipping; the sums are those of the managed engine, in the library's order.</summary>
/// <remarks>Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2; the decay is <c>learning rate * weight decay</c>.</remarks>
internal sealed class TrainedTensors : IDisposable
{
    private readonly IReadOnlyList<TrainedTensor> _tensors;
    private readonly OptimizerOptions _options;
    private readonly Tensor[] _first;
    private readonly Tensor[] _second;

    internal TrainedTensors(IReadOnlyList<TrainedTensor> tensors, OptimizerOptions options)
    {
        (_tensors, _options) = (tensors, options);
        _first = [.. tensors.Select(static trained => Zeros(trained.Values))];
        _second = [.. tensors.Select(static trained => Zeros(trained.Values))];
    }

    internal IEnumerable<Tensor> Values => _tensors.Select(static trained => trained.Values);

    /// <summary>The first moments, then the second.</summary>
    internal IEnumerable<Tensor> Moments => _first.Concat(_second);

    /// <summary>Forgets the gradients of the step before.</summary>
    internal void ClearGradients()
    {
        foreach (var trained in _tensors)
        {
            trained.Values.grad?.zero_();
        }
    }

    /// <summary>Makes one step and returns the L2 norm that the gradient had before clipping.</summary>
    /// <param name="step">From 1; corrects the moments.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <exception cref="ArithmeticException">The norm is not finite.</exception>
    internal double Step(int step, double learningRate)
    {
        using var gradients = no_grad();
        double norm = GradientNorm();
        if (!double.IsFinite(norm))
        {
            throw new ArithmeticException(
                $"The gradient norm of step {step} is {norm}, expected a finite number; a lower learning rate may help.");
        }

        double clip = _options.ClipNorm > 0 && norm > _options.ClipNorm ? _options.ClipNorm / norm : 1;
        for (int index = 0; index < _tensors.Count; index++)
        {
            Update(_tensors[index], _first[index], _second[index], step, learningRate, clip);
        }

        return norm;
    }

    public void Dispose()
    {
        foreach (var moment in Moments)
        {
            moment.Dispose();
        }
    }

    private double GradientNorm()
    {
        double sum = 0;
        foreach (var trained in _tensors)
        {
            using var scope = NewDisposeScope();
            if (trained.Values.grad is { } gradient)
            {
                sum += (trained.Mask is { } mask ? gradient.mul_(mask) : gradient).square().sum(float64).item<double>();
            }
        }

        return Math.Sqrt(sum);
    }

    private void Update(TrainedTensor trained, Tensor first, Tensor second, int step, double learningRate, double clip)
    {
        using var scope = NewDisposeScope();
        var values = trained.Values;
        var gradient = values.grad is { } given ? given.mul_(clip) : zeros_like(values);
        double rate = learningRate / (1 - Power(_options.Beta1, step)), root = 1 / Math.Sqrt(1 - Power(_options.Beta2, step));
        first.mul_(_options.Beta1).add_(gradient, alpha: 1 - _options.Beta1);
        second.mul_(_options.Beta2).addcmul_(gradient, gradient, value: 1 - _options.Beta2);
        var divisor = second.sqrt().mul_(root).add_(_options.Epsilon);
        values.mul_(trained.IsDecayed ? 1 - (learningRate * _options.WeightDecay) : 1).addcdiv_(first, divisor, value: -rate);
    }

    /// <summary>By multiplication, which has the same bits everywhere.</summary>
    private static double Power(double number, int exponent)
    {
        double power = 1;
        for (double square = number; exponent > 0; exponent >>= 1, square *= square)
        {
            power *= (exponent & 1) == 1 ? square : 1;
        }

        return power;
    }

    private static Tensor Zeros(Tensor like) => zeros(like.shape, dtype: float32, device: like.device).DetachFromDisposeScope();
}
