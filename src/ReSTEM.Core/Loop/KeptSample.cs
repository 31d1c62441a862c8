namespace ReSTEM.Core;

/// <summary>A distinct completion that the M-step trains on.</summary>
/// <param name="ProblemId">Its problem.</param>
/// <param name="Index">Lowest sample index with this text.</param>
/// <param name="Count">How many of the problem's samples had this text.</param>
/// <param name="Weight">The weight w(x, y).</param>
/// <param name="Sample">The sample itself.</param>
public sealed record KeptSample(string ProblemId, int Index, int Count, double Weight, Sample Sample);
