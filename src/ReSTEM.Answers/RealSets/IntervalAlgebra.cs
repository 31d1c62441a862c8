namespace ReSTEM.Answers;

/// <summary>Union, intersection and difference of sets given as sorted disjoint intervals.</summary>
internal static class IntervalAlgebra
{
    internal static List<Interval> Union(List<Interval> left, List<Interval> right)
    {
        var merged = new List<Interval>();
        foreach (var next in InOrder(left, right))
        {
            if (merged.Count == 0 || !Touches(merged[^1], next))
            {
                merged.Add(next);
                continue;
            }

            var last = merged[^1];
            int order = last.High.CompareTo(next.High);
            bool hasHigh = order == 0 ? last.HasHigh || next.HasHigh : order > 0 ? last.HasHigh : next.HasHigh;
            merged[^1] = last with { High = order >= 0 ? last.High : next.High, HasHigh = hasHigh };
        }

        return merged;
    }

    private static IEnumerable<Interval> InOrder(List<Interval> left, List<Interval> right)
    {
        int first = 0;
        int second = 0;
        while (first < left.Count || second < right.Count)
        {
            bool isLeft = second == right.Count || (first < left.Count && StartsFirst(left[first], right[second]));
            yield return isLeft ? left[first++] : right[second++];
        }
    }

    private static bool StartsFirst(Interval a, Interval b) =>
        a.Low.CompareTo(b.Low) is var order and not 0 ? order < 0 : a.HasLow || !b.HasLow;

    internal static List<Interval> Intersection(List<Interval> left, List<Interval> right)
    {
        var common = new List<Interval>();
        foreach (var a in left)
        {
            foreach (var b in right)
            {
                int low = a.Low.CompareTo(b.Low);
                int high = a.High.CompareTo(b.High);
                var part = new Interval(
                    low >= 0 ? a.Low : b.Low,
                    low == 0 ? a.HasLow && b.HasLow : low > 0 ? a.HasLow : b.HasLow,
                    high <= 0 ? a.High : b.High,
                    high == 0 ? a.HasHigh && b.HasHigh : high < 0 ? a.HasHigh : b.HasHigh);
                if (!part.IsEmpty)
                {
                    common.Add(part);
                }
            }
        }

        return common;
    }

    internal static List<Interval> Difference(List<Interval> left, List<Interval> right) => Intersection(left, Complement(right));

    private static List<Interval> Complement(List<Interval> set)
    {
        var gaps = new List<Interval>();
        var low = IntervalEnd.Lowest;
        bool hasLow = false;
        foreach (var interval in set)
        {
            Add(gaps, new Interval(low, hasLow, interval.Low, !interval.HasLow && interval.Low.Infinity == 0));
            (low, hasLow) = (interval.High, !interval.HasHigh && interval.High.Infinity == 0);
        }

        Add(gaps, new Interval(low, hasLow, IntervalEnd.Highest, false));
        return gaps;
    }

    private static void Add(List<Interval> gaps, Interval gap)
    {
        if (!gap.IsEmpty)
        {
            gaps.Add(gap);
        }
    }

    private static bool Touches(Interval first, Interval second)
    {
        int order = second.Low.CompareTo(first.High);
        return order < 0 || (order == 0 && (first.HasHigh || second.HasLow));
    }
}
