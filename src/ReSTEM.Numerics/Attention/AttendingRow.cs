namespace ReSTEM.Numerics;

/// <summary>Which keys and values one new token attends to.</summary>
/// <param name="Blocks">Block numbers of its sequence in order of position.</param>
/// <param name="Length">Positions of the sequence, the token's own included; at least 1.</param>
public readonly record struct AttendingRow(ReadOnlyMemory<int> Blocks, int Length);
