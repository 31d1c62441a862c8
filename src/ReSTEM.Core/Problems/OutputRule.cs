namespace ReSTEM.Core;

/// <summary>How the outputs of <see cref="CodeTests.Cases"/> are compared.</summary>
public sealed record OutputRule
{
    /// <summary>
    /// Allowed difference of two numbers, as the problem states it; 0 when it is silent: then numbers are compared by their value, 0.50 as 0.5.
    /// </summary>
    public double Tolerance { get; init; }

    /// <summary>What <see cref="Tolerance"/> is about.</summary>
    public ToleranceKind ToleranceIs { get; init; }

    /// <summary>Whether the case of letters is ignored, as in "you may print YES in any case".</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>
    /// Whether the items of the answer may come in any order: of a list that a function returns, of the words of an output of one line.
    /// A longer output in another order may be right or not, and is <see cref="Verdict.Unsupported"/>.
    /// </summary>
    public bool AnyOrder { get; init; }

    /// <summary>
    /// Whether other outputs than the accepted ones may be right. A differing output is then <see cref="Verdict.Unsupported"/>
    /// rather than <see cref="Verdict.Incorrect"/>, unless the problem brings a <see cref="CodeTests.Checker"/>.
    /// </summary>
    public bool OtherOutputsMayBeRight { get; init; }

    /// <summary>
    /// For <see cref="CodeTestForm.Calls"/>: whether 1, 1.0 and True, or a list and a tuple, are different outputs.
    /// False compares as APPS does: tuples as lists, keys of dicts as JSON writes them.
    /// </summary>
    public bool TypesMatter { get; init; }

    /// <summary>For <see cref="CodeTestForm.Calls"/>: whether an output may stand alone in one more list, as in APPS.</summary>
    public bool OneMoreList { get; init; }
}
