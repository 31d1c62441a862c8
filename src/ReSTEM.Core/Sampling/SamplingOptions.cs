using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Core;

/// <summary>How completions are drawn.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits; 0 means greedy (the largest logit, the lowest id among equals).</summary>
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
}
