using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>What an <see cref="Atom"/> stands for.</summary>
internal enum AtomKind
{
    /// <summary>The square root of -1.</summary>
    ImaginaryUnit,

    /// <summary>A prime number, which only appears with an exponent strictly between 0 and 1.</summary>
    Prime,

    /// <summary>A large whole number that was not factored; like a prime, but not known to be independent of others.</summary>
    Unfactored,

    /// <summary>The circle constant.</summary>
    Pi,

    /// <summary>The base of the natural logarithm.</summary>
    Euler,

    /// <summary>A free variable or an unknown name.</summary>
    Variable,

    /// <summary>A polynomial that only appears with an exponent strictly between 0 and 1: a root that is no monomial.</summary>
    Radical,

    /// <summary>A power whose exponent holds variables, such as 2^n.</summary>
    Power,

    /// <summary>A function of arguments in normal form, such as sin(x).</summary>
    Function,
}

/// <summary>An indivisible factor of a monomial. Two atoms are the same when their keys are.</summary>
internal sealed class Atom(AtomKind kind, string key) : IEquatable<Atom>, IComparable<Atom>
{
    internal static readonly Atom ImaginaryUnit = new(AtomKind.ImaginaryUnit, "i");
    internal static readonly Atom Pi = new(AtomKind.Pi, "pi");
    internal static readonly Atom Euler = new(AtomKind.Euler, "e");

    private readonly int _hash = HashCode.Combine((int)kind, string.GetHashCode(key, StringComparison.Ordinal));

    internal AtomKind Kind { get; } = kind;

    /// <summary>The atom in canonical writing.</summary>
    internal string Key { get; } = key;

    /// <summary>The number of a <see cref="AtomKind.Prime"/> or <see cref="AtomKind.Unfactored"/> atom.</summary>
    internal BigInteger Number { get; init; }

    /// <summary>What is under the root of a <see cref="AtomKind.Radical"/>.</summary>
    internal Polynomial? Radicand { get; init; }

    /// <summary>Whether the atom is a variable or holds one.</summary>
    internal bool IsVariable { get; init; }

    internal static Atom Variable(string name) => new(AtomKind.Variable, name) { IsVariable = true };

    internal static Atom Prime(BigInteger number, bool certain) =>
        new(certain ? AtomKind.Prime : AtomKind.Unfactored, number.ToString()) { Number = number };

    public bool Equals(Atom? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Kind == other.Kind && string.Equals(Key, other.Key, StringComparison.Ordinal));

    public override bool Equals(object? obj) => Equals(obj as Atom);

    public override int GetHashCode() => _hash;

    public int CompareTo(Atom? other)
    {
        if (other is null)
        {
            return 1;
        }

        int byKind = ((int)Kind).CompareTo((int)other.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Key, other.Key);
    }

    public override string ToString() => Key;
}
