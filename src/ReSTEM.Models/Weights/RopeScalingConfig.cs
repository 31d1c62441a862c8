namespace ReSTEM.Models;

/// <summary>Numbers of the scaling that slows long wavelengths of the rotary embedding down, so that a model reaches beyond its first context.</summary>
/// <param name="Factor">How much slower wavelengths beyond <c>OriginalContextLength / LowFrequencyFactor</c> turn.</param>
/// <param name="LowFrequencyFactor">Where the full factor begins.</param>
/// <param name="HighFrequencyFactor">Where scaling ends: wavelengths below <c>OriginalContextLength / HighFrequencyFactor</c> stay.</param>
/// <param name="OriginalContextLength">Context that the model was first trained with, in tokens.</param>
/// <remarks>Llama team 2024, arXiv:2407.21783, section 3.4; the <c>rope_type: llama3</c> of Hugging Face configurations.</remarks>
public sealed record RopeScalingConfig(
    double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContextLength);
