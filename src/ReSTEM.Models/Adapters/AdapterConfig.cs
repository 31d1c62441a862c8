namespace ReSTEM.Models;

/// <summary>What <c>adapter_config.json</c> states.</summary>
public sealed record AdapterConfig
{
    /// <summary>R.</summary>
    public required int Rank { get; init; }

    /// <summary>The factor on B A x: alpha / R, or alpha / sqrt(R) for a rank-stabilised one.</summary>
    public required float Scale { get; init; }

    /// <summary>Alpha, for the file.</summary>
    public required double Alpha { get; init; }

    /// <summary>Names of the adapted projections, as <see cref="AdapterTargets"/> matches them.</summary>
    public required IReadOnlyList<string> TargetModules { get; init; }

    /// <summary>Where the base model is, as the file says: a folder, or a name on a hub. Empty if it says nothing.</summary>
    public string BaseModel { get; init; } = "";
}
