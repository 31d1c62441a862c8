using System.Collections.Frozen;

namespace ReSTEM.Answers;

/// <summary>Names of functions and constants, as commands and in plain text, and the canonical name of each.</summary>
internal static class FunctionNames
{
    /// <summary>Each line: the canonical name, then its spellings.</summary>
    internal static readonly FrozenDictionary<string, string> Functions = NameTable.Of("""
        sin sin
        cos cos
        tan tan tg
        cot cot ctg
        sec sec
        csc csc cosec
        arcsin arcsin asin
        arccos arccos acos
        arctan arctan atan arctg
        arccot arccot
        arcsec arcsec
        arccsc arccsc
        sinh sinh
        cosh cosh
        tanh tanh
        coth coth
        sech sech
        csch csch
        arsinh arsinh asinh arcsinh
        arcosh arcosh acosh arccosh
        artanh artanh atanh arctanh
        ln ln
        log log lg
        exp exp
        sqrt sqrt
        cbrt cbrt
        abs abs Abs fabs
        floor floor
        ceil ceil ceiling
        max max
        min min
        gcd gcd
        lcm lcm
        cis cis
        det det
        re Re
        im Im
        sgn sgn sign
        binom binomial comb
        factorial factorial
        """).ToFrozenDictionary();

    /// <summary>Commands that are names of variables.</summary>
    internal static readonly FrozenSet<string> Greek =
        ("alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho"
        + " varrho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta"
        + " Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar varpi varsigma aleph nabla partial hslash").Split(' ').ToFrozenSet();

    /// <summary>Plain-text words for signs.</summary>
    internal static readonly FrozenDictionary<string, string> Constants =
        NameTable.Of("pi pi\ninfinity infinity inf oo").ToFrozenDictionary();

    /// <summary>Names that Python and SymPy text builds values with.</summary>
    internal static readonly FrozenSet<string> Code = (
        "Rational Fraction Integer Float S sympify simplify Decimal Eq Ne Lt Le Gt Ge Matrix ImmutableMatrix array list tuple Interval Union"
        + " Intersection Complement FiniteSet frozenset set EmptySet Pow Mul Add Mod root Max Min Sum Product Integral").Split(' ').ToFrozenSet();

    internal static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> FunctionsBySpan =
        Functions.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Functions that plain text may join to their argument, as in <c>sinx</c>; the longest first.</summary>
    internal static readonly string[] Prefixes =
        ["arcsin", "arccos", "arctan", "sqrt", "sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "pi"];
}
