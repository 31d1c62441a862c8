using System.Text;

namespace ReSTEM.Answers;

/// <summary>A product of atoms with exponents, sorted by atom, no exponent 0.</summary>
internal sealed class Monomial : IEquatable<Monomial>, IComparable<Monomial>
{
    internal static readonly Monomial One = new([]);

    private readonly int _hash;

    internal Monomial((Atom Atom, Exponent Power)[] factors)
    {
        Factors = factors;
        var hash = new HashCode();
        foreach (var (atom, power) in factors)
        {
            hash.Add(atom.GetHashCode());
            hash.Add(power.Numerator);
            hash.Add(power.Denominator);
        }

        _hash = hash.ToHashCode();
    }

    internal (Atom Atom, Exponent Power)[] Factors { get; }

    internal bool IsOne => Factors.Length == 0;

    internal static Monomial Of(Atom atom, Exponent power) => power.IsZero ? One : new([(atom, power)]);

    /// <summary>The exponent of an atom, 0 when it is not there.</summary>
    internal Exponent PowerOf(Atom atom)
    {
        foreach (var (candidate, power) in Factors)
        {
            if (candidate.Equals(atom))
            {
                return power;
            }
        }

        return default;
    }

    /// <summary>This monomial without an atom.</summary>
    internal Monomial Without(Atom atom) => new([.. Factors.Where(factor => !factor.Atom.Equals(atom))]);

    /// <summary>About how many characters it takes to write the monomial.</summary>
    internal long WrittenLength => Factors.Sum(static factor => 2L + factor.Atom.Key.Length);

    /// <summary>Adds the exponents; the relations between atoms (i*i = -1 and so on) are the polynomial's to apply.</summary>
    internal Monomial Times(Monomial other)
    {
        if (IsOne)
        {
            return other;
        }

        if (other.IsOne)
        {
            return this;
        }

        var merged = new List<(Atom, Exponent)>(Factors.Length + other.Factors.Length);
        int left = 0;
        int right = 0;
        while (left < Factors.Length && right < other.Factors.Length)
        {
            int order = Factors[left].Atom.CompareTo(other.Factors[right].Atom);
            if (order < 0)
            {
                merged.Add(Factors[left++]);
            }
            else if (order > 0)
            {
                merged.Add(other.Factors[right++]);
            }
            else
            {
                var power = Factors[left].Power + other.Factors[right].Power;
                if (!power.IsZero)
                {
                    merged.Add((Factors[left].Atom, power));
                }

                left++;
                right++;
            }
        }

        merged.AddRange(Factors.AsSpan(left));
        merged.AddRange(other.Factors.AsSpan(right));
        return new Monomial([.. merged]);
    }

    /// <summary>Every exponent multiplied.</summary>
    internal Monomial RaisedTo(Exponent exponent) => exponent.IsZero
        ? One
        : new([.. Factors.Select(factor => (factor.Atom, factor.Power * exponent))]);

    public bool Equals(Monomial? other)
    {
        if (other is null || _hash != other._hash || Factors.Length != other.Factors.Length)
        {
            return false;
        }

        for (int index = 0; index < Factors.Length; index++)
        {
            if (!Factors[index].Power.Equals(other.Factors[index].Power)
                || !Factors[index].Atom.Equals(other.Factors[index].Atom))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Monomial);

    public override int GetHashCode() => _hash;

    /// <summary>A fixed total order that is compatible with multiplication: lexicographic by atom, higher exponent first.</summary>
    public int CompareTo(Monomial? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (int index = 0; ; index++)
        {
            bool leftEnds = index >= Factors.Length;
            bool rightEnds = index >= other.Factors.Length;
            if (leftEnds || rightEnds)
            {
                int rest = leftEnds ? (rightEnds ? 0 : -Sign(other.Factors[index].Power)) : Sign(Factors[index].Power);
                return -rest;
            }

            int byAtom = Factors[index].Atom.CompareTo(other.Factors[index].Atom);
            if (byAtom != 0)
            {
                return byAtom < 0 ? -Sign(Factors[index].Power) : Sign(other.Factors[index].Power);
            }

            var difference = Factors[index].Power + -other.Factors[index].Power;
            if (!difference.IsZero)
            {
                return -Sign(difference);
            }
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (atom, power) in Factors)
        {
            text.Append(text.Length == 0 ? "" : "*").Append(atom.Key);
            if (!power.Equals(Exponent.One))
            {
                text.Append('^').Append(power.ToString());
            }
        }

        return text.ToString();
    }

    private static int Sign(Exponent exponent) => Math.Sign(exponent.Numerator);
}
