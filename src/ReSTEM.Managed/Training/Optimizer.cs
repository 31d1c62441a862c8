using ReSTEM.Core;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>AdamW over the parameter vector, with clipping.</summary>
internal sealed class Optimizer
{
    private const int NumbersPerItem = 1 << 14;

    private readonly OptimizerOptions _options;
    private readonly WorkerPool _pool;
    private readonly List<(Stretch Place, bool IsDecayed)> _items = [];

    internal Optimizer(OptimizerOptions options, IReadOnlyList<(Stretch Place, bool IsDecayed)> parameters, WorkerPool pool)
    {
        _options = options;
        _pool = pool;
        FirstMoment = new FloatBuffer(parameters[^1].Place.Start + parameters[^1].Place.Length);
        SecondMoment = new FloatBuffer(FirstMoment.Length);
        foreach (var (place, isDecayed) in parameters)
        {
            for (int start = 0; start < place.Length; start += NumbersPerItem)
            {
                int length = Math.Min(NumbersPerItem, place.Length - start);
                _items.Add((new Stretch(place.Start + start, length), isDecayed));
            }
        }
    }

    internal FloatBuffer FirstMoment { get; }

    internal FloatBuffer SecondMoment { get; }

    /// <summary>Makes one step and returns the L2 norm that the gradient had before clipping.</summary>
    /// <param name="values">The weights.</param>
    /// <param name="gradient">Of the step's loss.</param>
    /// <param name="step">From 1; corrects the moments.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <exception cref="ArithmeticException">The norm is not finite.</exception>
    internal double Step(FloatBuffer values, FloatBuffer gradient, int step, double learningRate)
    {
        double norm = GradientNorm.L2(gradient, _pool);
        if (!double.IsFinite(norm))
        {
            throw new ArithmeticException(
                $"The gradient norm of step {step} is {norm}, expected a finite number; a lower learning rate may help.");
        }

        double clip = _options.ClipNorm > 0 && norm > _options.ClipNorm ? _options.ClipNorm / norm : 1;
        var plain = new AdamW
        {
            Beta1 = (float)_options.Beta1,
            Beta2 = (float)_options.Beta2,
            Epsilon = (float)_options.Epsilon,
            StepSize = (float)(learningRate / (1 - Power(_options.Beta1, step))),
            RootCorrection = (float)(1 / Math.Sqrt(1 - Power(_options.Beta2, step))),
            Retained = 1,
            GradientScale = (float)clip,
        };
        var decayed = plain with { Retained = (float)(1 - (learningRate * _options.WeightDecay)) };
        _pool.For(_items.Count, index =>
        {
            var (place, isDecayed) = _items[index];
            (isDecayed ? decayed : plain).Update(
                values.Slice(place.Start, place.Length), gradient.Slice(place.Start, place.Length),
                FirstMoment.Slice(place.Start, place.Length), SecondMoment.Slice(place.Start, place.Length));
        });
        return norm;
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
}
