namespace ReSTEM.Sandbox;

/// <summary>The code found in a completion.</summary>
/// <param name="Sources">
/// Whole programs, best reading first; the first that compiles is the submission. Empty when there is no code.
/// </param>
/// <param name="Code">The code as the completion has it.</param>
/// <param name="Reason">Why there is none: <c>no-code</c> or <c>language-mismatch</c>; empty when there is some.</param>
internal sealed record ExtractedCode(IReadOnlyList<string> Sources, string Code, string Reason)
{
    /// <summary>No code, and why.</summary>
    public static ExtractedCode None(string reason) => new([], "", reason);
}
