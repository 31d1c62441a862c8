namespace ReSTEM.Core;

/// <summary>A verdict with its reason and what it rests on.</summary>
public sealed record Finding
{
    /// <summary>The conclusion.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>A stable kebab-case code that says why, for example <c>equal-rational</c> or <c>no-answer</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Which verifier concluded it, with its version; empty until it is recorded.</summary>
    public string Verifier { get; init; } = "";

    /// <summary>The answer as it was found in the completion; empty when there is none.</summary>
    public string Answer { get; init; } = "";

    /// <summary>
    /// The answer's equivalence class for majority voting: completions with equal keys gave the same answer.
    /// Null when there is no answer, or no canonical form (then <see cref="IVerifier.SameAnswer"/> decides).
    /// </summary>
    public string? AnswerKey { get; init; }

    /// <summary>Named details for a reader: rule fired, normal forms, failing test. Never needed to act on the verdict.</summary>
    public IReadOnlyDictionary<string, string> Evidence { get; init; } = NoEvidence;

    /// <summary>
    /// Named details that may differ when the same completion is judged again: processor time, memory, what a process said. Kept, but
    /// no part of what one seed reproduces.
    /// </summary>
    public IReadOnlyDictionary<string, string> Measurements { get; init; } = NoEvidence;

    /// <summary>Evidence and measurements together, by name.</summary>
    public SortedDictionary<string, string> Details => new(Evidence.Concat(Measurements).ToDictionary(), StringComparer.Ordinal);

    private static readonly Dictionary<string, string> NoEvidence = [];
}
