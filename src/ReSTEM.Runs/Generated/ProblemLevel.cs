namespace ReSTEM.Runs;

/// <summary>How hard a generated problem is.</summary>
public enum ProblemLevel
{
    /// <summary>Fewer operands, sentences or steps than are asked for later: what the base model learns first.</summary>
    Easy,

    /// <summary>What the quickstart trains on and measures.</summary>
    Target,

    /// <summary>Arithmetic with 6 to 8 operands, as long as BIG-Bench Hard's; the same as <see cref="Target"/> for the other kinds.</summary>
    Long,
}
