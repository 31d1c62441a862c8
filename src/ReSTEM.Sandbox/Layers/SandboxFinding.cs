namespace ReSTEM.Sandbox;

/// <summary>What the self-test found about one wall.</summary>
/// <param name="Name">What was tried, for example <c>no new processes</c>.</param>
/// <param name="Layer">The layer that must hold it.</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="GivenUp">Whether the user does without this layer, by name.</param>
/// <param name="Detail">What happened; for a missing layer also the remedy.</param>
public sealed record SandboxFinding(string Name, SandboxLayers Layer, bool Holds, bool GivenUp, string Detail);
