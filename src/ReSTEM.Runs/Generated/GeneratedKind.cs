namespace ReSTEM.Runs;

/// <summary>The kinds of generated problems; docs/quickstart.md has their grammar.</summary>
public enum GeneratedKind
{
    /// <summary>Sums and products in the notation of BIG-Bench Hard's multistep_arithmetic_two: <c>((3 + -4 * 2) - (5 - 7)) =</c></summary>
    Arithmetic,

    /// <summary>A short story with numbers: <c>Ann has 12 apples. Ann buys 3 boxes of 4. How many apples?</c></summary>
    Word,

    /// <summary>A small Python function to write from a list of steps: <c># number: add 2, then square it</c></summary>
    Code,
}
