using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Functions with exact values at rational arguments: factorial, binomial, absolute value, floor, gcd and their like.</summary>
internal static class WholeFunctions
{
    /// <summary>The exact value, or null when the arguments are not numbers that the function has a rule for.</summary>
    /// <exception cref="UndefinedException">A factorial of a negative number, or a name with the wrong count of arguments.</exception>
    internal static Form? Of(string name, Form[] arguments, Budget budget)
    {
        var values = arguments.Select(static argument => argument.AsRational).ToArray();
        if (!Array.TrueForAll(values, static value => value is not null))
        {
            return null;
        }

        var numbers = values.Select(static value => value!.Value).ToArray();
        Rational? result = (name, numbers) switch
        {
            ("abs", [var x]) => x.Absolute,
            ("sgn", [var x]) => x.Sign,
            ("gamma", [{ IsInteger: true, Sign: > 0 } n]) => Factorial(n - 1, 1, budget),
            ("floor", [var x]) => new Rational(x.Floor()),
            ("ceil", [var x]) => new Rational(x.Ceiling()),
            ("re", [var x]) => x,
            ("im", [_]) => Rational.Zero,
            ("max", [_, ..]) => numbers.Max(),
            ("min", [_, ..]) => numbers.Min(),
            ("factorial", [var n]) => Factorial(n, 1, budget),
            ("double-factorial", [var n]) => Factorial(n, 2, budget),
            ("binom", [var n, var k]) => Binomial(n, k, budget),
            ("gcd", [_, ..]) when Array.TrueForAll(numbers, static n => n.IsInteger) =>
                new Rational(numbers.Select(static n => n.Numerator).Aggregate(BigInteger.GreatestCommonDivisor)),
            ("lcm", [_, ..]) when Array.TrueForAll(numbers, static n => n.IsInteger && !n.IsZero) =>
                new Rational(numbers.Select(static n => BigInteger.Abs(n.Numerator)).Aggregate(LeastCommonMultiple)),
            _ => null,
        };
        return result is { } value ? Form.Of(value) : null;
    }

    private static BigInteger LeastCommonMultiple(BigInteger left, BigInteger right) =>
        left / BigInteger.GreatestCommonDivisor(left, right) * right;

    private static Rational? Factorial(Rational n, int step, Budget budget)
    {
        if (!n.IsInteger)
        {
            return null;
        }

        if (n.Sign < 0)
        {
            throw new UndefinedException($"factorial of {n}");
        }

        if (n > Functions.MaxFactorial)
        {
            throw new LimitExceededException("factorial-limit", $"factorial argument is more than {Functions.MaxFactorial}");
        }

        budget.SpendBits((double)n.Numerator * n.Numerator.GetBitLength());
        budget.Spend((long)n.Numerator * 4);
        return new Rational(Product((int)n.Numerator, step));
    }

    /// <summary>n (n - step) (n - 2 step) ..., halved recursively so that factors stay of similar size.</summary>
    private static BigInteger Product(int n, int step)
    {
        var factors = new List<BigInteger>();
        for (int factor = n; factor > 1; factor -= step)
        {
            factors.Add(factor);
        }

        while (factors.Count > 1)
        {
            var pairs = new List<BigInteger>((factors.Count + 1) / 2);
            for (int index = 0; index < factors.Count; index += 2)
            {
                pairs.Add(index + 1 < factors.Count ? factors[index] * factors[index + 1] : factors[index]);
            }

            factors = pairs;
        }

        return factors.Count == 0 ? BigInteger.One : factors[0];
    }

    private static Rational? Binomial(Rational n, Rational k, Budget budget)
    {
        if (!n.IsInteger || !k.IsInteger || n.Sign < 0)
        {
            return null;
        }

        if (k.Sign < 0 || k > n)
        {
            return Rational.Zero;
        }

        var smaller = k + k > n ? n - k : k;
        budget.SpendBits(Math.Min((double)n.Numerator, (double)smaller.Numerator * n.Numerator.GetBitLength()));
        if (smaller > Functions.MaxFactorial)
        {
            throw new LimitExceededException("factorial-limit", $"binomial argument is more than {Functions.MaxFactorial}");
        }

        var result = BigInteger.One;
        for (int index = 1; index <= (int)smaller.Numerator; index++)
        {
            budget.Spend(1 + (result.GetBitLength() / 64));
            result = result * (n.Numerator - smaller.Numerator + index) / index;
        }

        return new Rational(result);
    }
}
