namespace ReSTEM.Models;

/// <summary>A rotary embedding: which wavelengths turn which elements of a head.</summary>
/// <param name="Theta">Base of the wavelengths.</param>
/// <param name="Dim">Elements of a head that are turned, from the first; even, at most Hd.</param>
/// <param name="Scaling">What makes a model reach beyond the context it was first trained with; null for nothing.</param>
public sealed record RopeConfig(double Theta, int Dim, RopeScalingConfig? Scaling = null);

/// <summary>Numbers of one kind of scaling, as <c>rope_scaling</c> states them.</summary>
public abstract record RopeScalingConfig;

/// <summary>All wavelengths are stretched (Chen et al. 2023, arXiv:2306.15595); <c>rope_type: linear</c>.</summary>
/// <param name="Factor">How much slower everything turns.</param>
public sealed record LinearRopeScaling(double Factor) : RopeScalingConfig;

/// <summary>Long wavelengths are stretched; <c>rope_type: llama3</c>.</summary>
/// <param name="Factor">How much slower wavelengths beyond <c>OriginalContextLength / LowFrequencyFactor</c> turn.</param>
/// <param name="LowFrequencyFactor">Where the full factor begins.</param>
/// <param name="HighFrequencyFactor">Where scaling ends: wavelengths below <c>OriginalContextLength / HighFrequencyFactor</c> stay.</param>
/// <param name="OriginalContextLength">Context that the model was first trained with, in tokens.</param>
/// <remarks>Llama team 2024, arXiv:2407.21783, section 3.4.</remarks>
public sealed record Llama3RopeScaling(
    double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContextLength) : RopeScalingConfig;

/// <summary>Stretched by how often a wavelength turns within the first context, and scores sharpened; <c>rope_type: yarn</c>.</summary>
/// <param name="Factor">How much slower the longest wavelengths turn.</param>
/// <param name="OriginalContextLength">Context that the model was first trained with, in tokens.</param>
/// <param name="BetaFast">Wavelengths that turn more often than this in the first context stay.</param>
/// <param name="BetaSlow">Those that turn less often are stretched in full.</param>
/// <param name="AttentionFactor">Factor on cosines and sines.</param>
/// <param name="Truncates">Whether the ends of the ramp are rounded outwards to whole pairs.</param>
/// <remarks>Peng et al. 2023, arXiv:2309.00071, section 3.2 to 3.4.</remarks>
public sealed record YarnRopeScaling(
    double Factor, int OriginalContextLength, double BetaFast, double BetaSlow, double AttentionFactor, bool Truncates) : RopeScalingConfig;

/// <summary>Each wavelength has a factor of its own; <c>rope_type: longrope</c>, its short factors.</summary>
/// <param name="Factors">One for each pair, [Dim / 2].</param>
/// <param name="AttentionFactor">Factor on cosines and sines.</param>
/// <remarks>Ding et al. 2024, arXiv:2402.13753.</remarks>
public sealed record LongRopeScaling(IReadOnlyList<double> Factors, double AttentionFactor) : RopeScalingConfig;
