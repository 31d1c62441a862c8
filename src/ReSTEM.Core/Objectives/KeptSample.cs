namespace ReSTEM.Core;

/// <summary>A distinct completion that the M-step may train on.</summary>
/// <param name="ProblemId">Its problem.</param>
/// <param name="Index">Lowest sample index with this text.</param>
/// <param name="Count">How many of the problem's samples had this text.</param>
/// <param name="Weight">The weight w(x, y).</param>
/// <param name="Sample">The sample itself.</param>
public sealed record KeptSample(string ProblemId, int Index, int Count, double Weight, Sample Sample);

/// <summary>A completion to train on.</summary>
/// <param name="Completion">What was drawn; null for a text that nobody drew.</param>
/// <param name="Text">The completion's text, without an end token.</param>
/// <param name="Weight">The weight w(x, y) &gt;= 0.</param>
/// <param name="Count">How often it was drawn; 0 for a text that nobody drew.</param>
/// <param name="Continues">Whether it is one more completion of the example that the one before it is of: both are trained on in one batch, or neither.</param>
public sealed record WeightedExample(Completion? Completion, string Text, double Weight, int Count, bool Continues = false);
