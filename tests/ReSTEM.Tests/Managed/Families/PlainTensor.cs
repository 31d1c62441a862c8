namespace ReSTEM.Tests;

/// <summary>One tensor of a checkpoint as it is stored: row-major values and their extents.</summary>
internal sealed record PlainTensor(int[] Shape, double[] Values);
