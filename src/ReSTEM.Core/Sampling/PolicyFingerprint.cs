namespace ReSTEM.Core;

/// <summary>What produced a sample; two samples with equal fingerprints came from the same function.</summary>
/// <param name="WeightsSha256">Lower-case hexadecimal SHA-256 of the weights file or files.</param>
/// <param name="Engine">For example <c>managed</c>.</param>
/// <param name="Version">Version of the engine's arithmetic; changes whenever bits may.</param>
/// <param name="Deterministic">Whether the same request always gives the same bits.</param>
public sealed record PolicyFingerprint(string WeightsSha256, string Engine, string Version, bool Deterministic);
