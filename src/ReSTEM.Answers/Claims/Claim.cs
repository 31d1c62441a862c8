namespace ReSTEM.Answers;

/// <summary>How surely a claim says that it is the answer; a surer one outweighs those before it.</summary>
internal enum ClaimRank
{
    /// <summary>A box or an "answer is" with nothing around it.</summary>
    Plain,

    /// <summary>One that a conclusion introduces: therefore, so, hence, in total.</summary>
    Concluded,

    /// <summary>One that is called the final answer, or a line marked with ####.</summary>
    Final,

    /// <summary>Between answer tags.</summary>
    Tagged,
}

/// <summary>A place in a completion that states an answer.</summary>
/// <param name="Start">Where it begins in the text, its lead-in included.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Text">The answer as written.</param>
/// <param name="Rule">Which rule found it.</param>
/// <param name="Rank">How surely it is meant as the answer.</param>
internal readonly record struct Claim(int Start, int End, string Text, string Rule, ClaimRank Rank)
{
    /// <summary>Whether the sentence says that it is not the answer.</summary>
    internal bool IsDenied { get; init; }

    /// <summary>Whether the text was read as a value, so that it is no part of a sentence.</summary>
    internal bool IsValue { get; init; } = true;
}
