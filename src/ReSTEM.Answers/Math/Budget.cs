namespace ReSTEM.Answers;

/// <summary>Counts the steps of one judgement, so that work is bounded by the input and not by a clock.</summary>
/// <remarks>One step is about one small operation; big-number operations cost as many as their words. Not for several threads.</remarks>
internal sealed class Budget(long steps)
{
    /// <summary>Most bits that an exact number may grow to.</summary>
    internal const int MaxBits = 1 << 17;

    /// <summary>Deepest nesting of brackets, roots, fractions and powers that is read.</summary>
    internal const int MaxDepth = 120;

    /// <summary>Highest tree: chains such as a/b/c grow without nesting, and what walks over a tree takes stack for each step down.</summary>
    internal const int MaxHeight = 500;

    /// <summary>Steps that all reductions of fractions of one judgement may take together.</summary>
    private const long MaxReductionSteps = 40_000;

    private readonly long _limit = steps;
    private long _left = steps;
    private long _reductionsLeft = MaxReductionSteps;

    /// <summary>Steps spent so far.</summary>
    internal long Spent => _limit - _left;

    /// <exception cref="LimitExceededException">The steps are used up.</exception>
    internal void Spend(long count)
    {
        _left -= count;
        if (_left < 0)
        {
            throw new LimitExceededException("step-limit", $"steps are more than {_limit}");
        }
    }

    /// <summary>Pays for an operation on rational numbers: their common divisor takes time by the square of their words.</summary>
    internal void SpendOn(Rational number)
    {
        long words = number.BitCount / 64;
        Spend(words + (words * words / 8));
    }

    /// <summary>Pays for writing so many characters: an atom's key holds the keys of what is in it, so that each level of nesting may multiply them.</summary>
    internal void SpendOnWriting(long characters) => Spend(characters / 16);

    /// <summary>Does optional work within an allowance of its own.</summary>
    /// <returns>The result, or null when the allowance did not suffice: then the work is left undone.</returns>
    internal T? Optionally<T>(long most, Func<Budget, T?> work)
        where T : struct
    {
        var allowance = new Budget(Math.Min(most, _reductionsLeft));
        try
        {
            return work(allowance);
        }
        catch (LimitExceededException)
        {
            return null;
        }
        finally
        {
            _reductionsLeft -= Math.Min(_reductionsLeft, allowance.Spent);
        }
    }

    /// <summary>Checks a number's size before it is computed.</summary>
    /// <exception cref="LimitExceededException">The number would be larger than <see cref="MaxBits"/>.</exception>
    internal void SpendBits(double bits)
    {
        if (!(bits <= MaxBits))
        {
            throw new LimitExceededException("number-size-limit", $"a number has more than {MaxBits} bits");
        }

        Spend(1 + (long)(bits / 64));
    }
}
