namespace ReSTEM.Core;

/// <summary>The weight w(x, y) of a distinct completion by how often it was drawn.</summary>
internal static class CountWeights
{
    /// <summary>Its share of the problem's kept samples, or 1 where all distinct completions weigh the same.</summary>
    /// <param name="weights">Which.</param>
    /// <param name="count">How often it was drawn.</param>
    /// <param name="total">How often all that is kept of the problem was drawn.</param>
    internal static double Of(KeptWeights weights, int count, double total) => weights is KeptWeights.Count ? count / total : 1;
}
