namespace ReSTEM.Engines;

/// <summary>The order of tokens that filters use: larger logit first, lower id first among equals, as one number per token.</summary>
internal static class LogitOrder
{
    private const int SortedDirectly = 12;

    /// <summary>A number that is larger for a token that comes earlier in the order. Plus and minus zero are equal logits.</summary>
    internal static ulong Key(float logit, int id)
    {
        int bits = BitConverter.SingleToInt32Bits(logit + 0f); // -0 becomes +0
        uint ascending = (uint)(bits ^ ((bits >> 31) | int.MinValue));
        return ((ulong)ascending << 32) | ~(uint)id;
    }

    internal static int IdOf(ulong key) => (int)~(uint)key;

    /// <summary>
    /// Moves the first tokens of the order to the front, in no order among themselves, and returns how many are needed to reach a
    /// count or a sum of weights, whichever comes first; all of them if neither is reached.
    /// </summary>
    /// <remarks>Hoare 1961, algorithm 65 (Find); expected time is linear.</remarks>
    /// <param name="keys">All different.</param>
    /// <param name="weights">By token id, not negative.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="weight">At least 1.</param>
    internal static int TakeFirst(Span<ulong> keys, ReadOnlySpan<long> weights, int count, long weight)
    {
        int low = 0, high = keys.Length;
        while (high - low > SortedDirectly)
        {
            int middle = low + Partition(keys[low..high]);
            long sum = 0;
            for (int i = low; i < middle; i++)
            {
                sum += weights[IdOf(keys[i])];
            }

            if (middle >= count || sum >= weight)
            {
                high = middle;
            }
            else
            {
                low = middle;
                weight -= sum;
            }
        }

        SortDescending(keys[low..high]);
        while (low < high && low < count && weight > 0)
        {
            weight -= weights[IdOf(keys[low++])];
        }

        return low;
    }

    // Puts keys not below a pivot first and returns their count, which is neither 0 nor all.
    private static int Partition(Span<ulong> keys)
    {
        ulong first = keys[0], last = keys[^1], pivot = keys[keys.Length / 2];
        pivot = Math.Max(Math.Min(first, last), Math.Min(Math.Max(first, last), pivot));
        int front = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            ulong key = keys[i];
            keys[i] = keys[front];
            keys[front] = key;
            front += key >= pivot ? 1 : 0;
        }

        return front;
    }

    private static void SortDescending(Span<ulong> keys)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            ulong key = keys[i];
            int place = i;
            for (; place > 0 && keys[place - 1] < key; place--)
            {
                keys[place] = keys[place - 1];
            }

            keys[place] = key;
        }
    }
}
