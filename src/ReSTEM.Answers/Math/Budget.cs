namespace ReSTEM.Answers;

/// <summary>Counts the steps of one judgement, so that work is bounded by the input and not by a clock.</summary>
/// <remarks>One step is about one small operation; big-number operations cost as many as their words. Not for several threads.</remarks>
internal sealed class Budget(long steps)
{
    /// <summary>Most bits that an exact number may grow to.</summary>
    internal const int MaxBits = 1 << 17;

    /// <summary>Deepest nesting of brackets, roots, fractions and powers that is read.</summary>
    internal const int MaxDepth = 120;

    private readonly long _limit = steps;
    private long _left = steps;

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
