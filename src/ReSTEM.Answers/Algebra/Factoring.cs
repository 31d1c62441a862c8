using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>Whole numbers as products of primes, by trial division up to a bound.</summary>
internal static class Factoring
{
    private const int TrialBound = 1 << 14;

    /// <summary>The prime powers of a positive number; what is left above the bound squared is one factor that is not known to be prime.</summary>
    internal static List<(BigInteger Factor, int Count, bool Certain)> Of(BigInteger number, Budget budget)
    {
        var factors = new List<(BigInteger, int, bool)>();
        for (int divisor = 2; divisor <= TrialBound; divisor += divisor == 2 ? 1 : 2)
        {
            if (number <= uint.MaxValue && (ulong)number < (ulong)divisor * (ulong)divisor)
            {
                break;
            }

            if (number <= ulong.MaxValue)
            {
                return Small(factors, (ulong)number, (uint)divisor, budget);
            }

            budget.Spend(1 + (number.GetBitLength() / 64));
            int count = 0;
            while ((number % divisor).IsZero)
            {
                number /= divisor;
                count++;
            }

            Add(factors, divisor, count, true);
        }

        if (!number.IsOne)
        {
            Leftover(factors, number);
        }

        return factors;
    }

    private static List<(BigInteger, int, bool)> Small(
        List<(BigInteger, int, bool)> factors, ulong number, uint divisor, Budget budget)
    {
        for (; divisor <= TrialBound && (ulong)divisor * divisor <= number; divisor += divisor == 2 ? 1u : 2u)
        {
            int count = 0;
            while (number % divisor == 0)
            {
                number /= divisor;
                count++;
            }

            Add(factors, divisor, count, true);
        }

        budget.Spend(divisor / 8);
        if (number > 1)
        {
            Leftover(factors, number);
        }

        return factors;
    }

    private static void Leftover(List<(BigInteger, int, bool)> factors, BigInteger number)
    {
        bool certain = number < (BigInteger)TrialBound * TrialBound;
        if (!certain)
        {
            for (int degree = 5; degree >= 2; degree--)
            {
                if (ExactRoot(number, degree) is { } root)
                {
                    Add(factors, root, degree, root < (BigInteger)TrialBound * TrialBound);
                    return;
                }
            }
        }

        Add(factors, number, 1, certain);
    }

    /// <summary>The whole root of a non-negative whole number when it has one.</summary>
    internal static BigInteger? ExactRoot(BigInteger number, int degree)
    {
        if (number <= 1)
        {
            return number;
        }

        var low = BigInteger.One;
        var high = BigInteger.One << (int)((number.GetBitLength() / degree) + 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            int order = BigInteger.Pow(middle, degree).CompareTo(number);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    private static void Add(List<(BigInteger, int, bool)> factors, BigInteger factor, int count, bool certain)
    {
        if (count > 0)
        {
            factors.Add((factor, count, certain));
        }
    }
}
