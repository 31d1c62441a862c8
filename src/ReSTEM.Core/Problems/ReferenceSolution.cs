namespace ReSTEM.Core;

/// <summary>A data set's own solution whose results are the expected ones.</summary>
public sealed record ReferenceSolution
{
    /// <summary>Whole Python source that defines <see cref="CodeTests.EntryPoint"/>.</summary>
    public required string Source { get; init; }

    /// <summary>Assert statements that every input satisfies, over the parameters of the entry point; empty for none.</summary>
    public string Contract { get; init; } = "";

    /// <summary>
    /// Names of more functions of <see cref="Source"/> with the same parameters whose results are right as well.
    /// </summary>
    public IReadOnlyList<string> AlsoRight { get; init; } = [];

    /// <summary>Allowed absolute difference of floats; 0 compares exactly, but for results that are floats alone.</summary>
    public double Tolerance { get; init; }

    /// <summary>How a result is compared with the reference's.</summary>
    public ReferenceOracle Oracle { get; init; }
}

/// <summary>How a result is compared with that of a <see cref="ReferenceSolution"/>.</summary>
public enum ReferenceOracle
{
    /// <summary>Equal, or within the tolerance.</summary>
    Equal,

    /// <summary>The same elements, whatever their order and number (<c>set(a) == set(b)</c>).</summary>
    SameElements,

    /// <summary>Both or neither are None; a truth value is compared with whether the reference gave anything.</summary>
    NoneOrNot,

    /// <summary>The first argument holds the coefficients of a polynomial, lowest first, whose value there is within the tolerance of 0.</summary>
    RootOfPolynomial,
}
