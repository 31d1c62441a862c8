namespace ReSTEM.Answers;

/// <summary>Where expressions with variables are compared: seeded points, the same for the same names and numbers, in any order.</summary>
/// <remarks>
/// Real variables take values of every size and both signs, and values beside each number that the expressions hold: that is where an
/// absolute value, a root of a square or a saturating function changes. Whole variables take 1 to 140, small ones mostly.
/// </remarks>
internal sealed class SampleSpace
{
    private const int MostLandmarks = 8;

    private readonly SortedDictionary<string, (Rational? Low, Rational? High)> _names = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _whole = new(StringComparer.Ordinal);
    private readonly Rational[] _landmarks;

    /// <param name="left">One expression.</param>
    /// <param name="right">The other.</param>
    internal SampleSpace(Node left, Node right)
    {
        var landmarks = new SortedSet<Rational>();
        Collect(left, false, landmarks);
        Collect(right, false, landmarks);
        _landmarks = [.. landmarks.Reverse().Take(MostLandmarks)];
    }

    /// <summary>Whether there are variables at all.</summary>
    internal bool IsConstant => _names.Count == 0;

    /// <summary>Keeps a variable inside an open interval; null ends are infinite.</summary>
    internal SampleSpace Within(string name, Rational? low, Rational? high)
    {
        if (_names.ContainsKey(name))
        {
            _names[name] = (low, high);
        }

        return this;
    }

    /// <summary>Gives a variable whole values only.</summary>
    internal SampleSpace Whole(string name)
    {
        _whole.Add(name);
        return this;
    }

    /// <summary>Values for all variables at one point.</summary>
    internal Dictionary<string, Rational> At(int index)
    {
        var values = new Dictionary<string, Rational>();
        bool whole = _whole.Count > 0;
        foreach (var (name, (low, high)) in _names)
        {
            ulong bits = Mix(Hash(name) + (0x9E3779B97F4A7C15UL * (ulong)(index + 1)));
            bool bounded = low is not null || high is not null;
            values[name] = bounded ? Between(low, high, index, bits)
                : _whole.Contains(name) || (whole && _whole.Contains("")) ? WholeNumber(index, bits)
                : Real(index, bits);
        }

        return values;
    }

    private static Rational WholeNumber(int index, ulong bits) =>
        index % 4 == 3 ? (int)(17 + (bits % 124)) : (int)(1 + (bits % 16));

    /// <summary>A fraction in (0, 22) with numerator and denominator of ten bits: a polynomial of low degree seldom vanishes there.</summary>
    private static Rational Moderate(ulong bits) => new((int)(37 + (bits % 2003)), (int)(101 + ((bits >> 20) % 907)));

    private static Rational Between(Rational? low, Rational? high, int index, ulong bits)
    {
        if (low is { } from && high is { } to)
        {
            return from + ((to - from) * new Rational((int)(1 + (bits % 1021)), 1023));
        }

        var step = index % 3 == 2 ? Moderate(bits) * 1000 : index % 3 == 1 ? Moderate(bits) / 8 : Moderate(bits);
        return low is { } start ? start + step : high!.Value - step;
    }

    private Rational Real(int index, ulong bits)
    {
        var value = Moderate(bits);
        bool negative = ((bits >> 40) & 1) == 1;
        switch (index % 8)
        {
            case 0:
                return value;
            case 1:
                return value / 8;
            case 2:
                return -value;
            case 3 when _landmarks.Length > 0:
                var landmark = _landmarks[(index / 8) % _landmarks.Length];
                return (negative ? -landmark : landmark) + (value / 32);
            case 4:
                return negative ? -value * 3000 : value * 3000;
            case 5:
                return negative ? -value / 8 : value / 64;
            case 6 when _landmarks.Length > 0:
                var other = _landmarks[(index / 8) % _landmarks.Length];
                return (negative ? other : -other) - (value / 32);
            case 7:
                return negative ? value * 5_000_000 : -value * 5_000_000;
            default:
                return negative ? -value : value;
        }
    }

    /// <summary>Gathers variables, those of them that only whole numbers suit, and the numbers that stand beside them.</summary>
    private void Collect(Node node, bool whole, SortedSet<Rational> landmarks)
    {
        switch (node.Kind)
        {
            case NodeKind.Symbol:
                _names.TryAdd(node.Name, (null, null));
                if (whole)
                {
                    _whole.Add(node.Name);
                    _whole.Add(""); // beside one whole variable the others are whole too: indices go together
                }

                return;
            case NodeKind.Number when node.Value.Absolute > 2:
                landmarks.Add(node.Value.Absolute);
                return;
        }

        bool inside = whole
            || (node.Is(NodeKind.Call) && node.Name is "factorial" or "double-factorial" or "binom" or "gcd" or "lcm" or "sum" or "prod")
            || (node.Is(NodeKind.Power) && node.Items[0].Is(NodeKind.Negation));
        foreach (var item in node.Items)
        {
            Collect(item, inside, landmarks);
        }
    }

    /// <summary>FNV-1a.</summary>
    private static ulong Hash(string text)
    {
        ulong hash = 0xCBF29CE484222325UL;
        foreach (char character in text)
        {
            hash = (hash ^ character) * 0x100000001B3UL;
        }

        return hash;
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
