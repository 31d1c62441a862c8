namespace ReSTEM.Answers;

/// <summary>The seeded points at which expressions with variables are compared: the same for the same names, in any order.</summary>
internal static class SamplePoints
{
    /// <summary>Values for the names at one point: positive at first, then of both signs; whole numbers from 1 to 16 where asked.</summary>
    internal static Dictionary<string, Rational> At(int index, IEnumerable<string> names, bool whole)
    {
        var values = new Dictionary<string, Rational>();
        foreach (string name in names)
        {
            ulong bits = Mix(Hash(name) + (0x9E3779B97F4A7C15UL * (ulong)(index + 1)));
            if (whole)
            {
                values[name] = (int)(1 + (bits % 16));
                continue;
            }

            // A numerator and a prime-like denominator of up to ten bits: dense enough that a non-zero polynomial of
            // low degree vanishes at such a point with a chance below its degree in a thousand.
            var value = new Rational((int)(37 + (bits % 2003)), (int)(101 + ((bits >> 20) % 907)));
            bool negative = index % 3 == 2 && ((bits >> 40) & 1) == 1;
            bool small = index % 2 == 1;
            value = small ? value / 8 : value;
            values[name] = negative ? -value : value;
        }

        return values;
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
