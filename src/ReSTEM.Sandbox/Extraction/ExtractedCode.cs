namespace ReSTEM.Sandbox;

/// <summary>The program found in a completion.</summary>
/// <param name="Sources">Sources that run one after the other in one namespace. Empty when there is no program.</param>
/// <param name="Code">The code as the completion has it.</param>
/// <param name="Kind">What it was: <c>unfenced</c>, <c>fenced-block</c>, <c>joined-blocks</c>, <c>amid-prose</c>, <c>inline-code</c> or <c>continuation</c>.</param>
/// <param name="Repairs">Names of the repairs that were needed.</param>
/// <param name="Reason">Why there is none: <c>no-code</c>, <c>language-mismatch</c> or <c>unclosed-reasoning</c>; empty when there is one.</param>
internal sealed record ExtractedCode(
    IReadOnlyList<string> Sources, string Code, string Kind, IReadOnlyList<string> Repairs, string Reason)
{
    /// <summary>No code, and why.</summary>
    public static ExtractedCode None(string reason) => new([], "", "", [], reason);
}
