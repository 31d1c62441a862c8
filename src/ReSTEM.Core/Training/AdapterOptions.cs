using System.ComponentModel.DataAnnotations;

namespace ReSTEM.Core;

/// <summary>A low-rank adapter: what is trained in place of the weights themselves.</summary>
/// <remarks>Hu et al. 2021, arXiv:2106.09685, section 4.1: <c>W x + (alpha / rank) B A x</c>, with A random and B zero at the start.</remarks>
public sealed record AdapterOptions
{
    /// <summary>Every projection of the layers.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>Rows of A and columns of B.</summary>
    [Range(1, 4096)]
    public int Rank { get; init; } = 16;

    /// <summary>The product is scaled by alpha / rank; 0 means twice the rank.</summary>
    [Range(0.0, 1e6)]
    public double Alpha { get; init; }

    /// <summary>Last parts of the names of the projections to adapt, for example <c>q_proj</c>; or <c>all-linear</c>.</summary>
    public IReadOnlyList<string> TargetModules { get; init; } = [AllLinear];

    /// <summary>Whether policies are sampled with the adapter added into the weights, which costs no time; else beside them.</summary>
    public bool Merged { get; init; } = true;

    /// <summary>Alpha as it is used.</summary>
    public double EffectiveAlpha => Alpha == 0 ? 2.0 * Rank : Alpha;
}

/// <summary>A new adapter for a training job.</summary>
/// <param name="Options">Its shape.</param>
/// <param name="Random">Draws the first values of A.</param>
public sealed record AdapterJob(AdapterOptions Options, RandomStream Random);
