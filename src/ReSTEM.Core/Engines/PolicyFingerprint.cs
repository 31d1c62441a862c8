namespace ReSTEM.Core;

/// <summary>What an engine's bits depend on besides the weights; two equal ones compute the same function of the same weights.</summary>
/// <param name="Name">For example <c>managed</c>.</param>
/// <param name="Version">Version of the engine's arithmetic; changes whenever bits may.</param>
/// <param name="Dtype">What it computes in, for example <c>float32</c>.</param>
/// <param name="Deterministic">Whether the same request always gives the same bits.</param>
/// <param name="Device">What it computes on: <c>cpu</c>, or <c>cuda</c> and the kind of card.</param>
/// <param name="Shapes">What else decides bits, in words: threads and slots, where they do. Empty where they do not.</param>
public sealed record EngineFingerprint(
    string Name, string Version, string Dtype, bool Deterministic, string Device = "cpu", string Shapes = "")
{
    /// <summary>All of it in words; of an engine of the processor whose bits depend on nothing else, name, version and numbers.</summary>
    public string Describe() =>
        $"{Name} {Version} {Dtype}{(Device == "cpu" ? "" : $" on {Device}")}{(Shapes.Length == 0 ? "" : $", {Shapes}")}{(Deterministic ? "" : ", not deterministic")}";
}

/// <summary>What produced a sample; two samples with equal fingerprints came from the same function.</summary>
/// <param name="WeightsSha256">Lower-case hexadecimal SHA-256 of the weights file or files.</param>
/// <param name="Engine">What computed.</param>
public sealed record PolicyFingerprint(string WeightsSha256, EngineFingerprint Engine);
