using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Core;

/// <summary>How completions are drawn.</summary>
public sealed record SamplingOptions
{
    /// <summary>The smallest temperature above 0; below it logits divided by it would not be finite.</summary>
    public const double LowestTemperature = 1e-6;

    /// <summary>
    /// Divides the logits; 0 means greedy (the largest logit, the lowest id among equals), else at least <see cref="LowestTemperature"/>.
    /// </summary>
    [Range(0.0, 100.0)]
    public double Temperature { get; init; } = 1;

    /// <summary>Only this many most likely tokens may be drawn; 0 means all.</summary>
    [Range(0, int.MaxValue)]
    public int TopK { get; init; }

    /// <summary>Only the most likely tokens that together reach this probability may be drawn, in (0, 1]; 1 means all.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double TopP { get; init; } = 1;

    /// <summary>Most tokens drawn, the end-of-text token included; at least 1.</summary>
    [Range(1, 1 << 20)]
    public int MaxTokens { get; init; } = 256;

    /// <summary>Texts that end a completion; the text is cut before the first one found.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Whether both draw alike: stop texts are compared, not the lists that hold them.</summary>
    public bool Equals(SamplingOptions? other) => other is not null
        && Temperature.Equals(other.Temperature) && TopK == other.TopK && TopP.Equals(other.TopP) && MaxTokens == other.MaxTokens && Stop.SequenceEqual(other.Stop);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Temperature, TopK, TopP, MaxTokens, Stop.Count);

    /// <summary>What no engine can draw with, in a sentence that begins with the option's key; null when there is nothing. The one home of these limits.</summary>
    public string? Fault() => this switch
    {
        { Temperature: not (0 or >= LowestTemperature and <= 100) } =>
            FormattableString.Invariant($"temperature is {Temperature}, expected 0 (greedy) or {LowestTemperature:F6} to 100."),
        { TopK: < 0 } => $"top_k is {TopK}, expected 0 (all) or more.",
        { TopP: not (> 0 and <= 1) } => FormattableString.Invariant($"top_p is {TopP}, expected more than 0 and at most 1."),
        { MaxTokens: < 1 } => $"max_tokens is {MaxTokens}, expected at least 1.",
        _ when Stop.Any(string.IsNullOrEmpty) => "stop holds an empty text, expected texts.",
        _ => null,
    };
}
