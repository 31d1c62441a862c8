namespace ReSTEM.Onnx;

/// <summary>
/// How a sequence is cut into pieces that are computed at once. The cuts depend on its own length alone, so that its bits do not depend on what is
/// computed beside it.
/// </summary>
internal static class Pieces
{
    /// <summary>Lengths are whole multiples of this; a last piece is filled up with rows that nobody reads.</summary>
    internal const int Grain = 16;

    /// <summary>Most positions of a piece.</summary>
    internal const int MaxLength = 128;

    private const int LogitsLength = 1 << 23;

    /// <summary>Most positions of a piece whose logits are all wanted.</summary>
    internal static int ScoredLength(int vocabularySize) => Math.Clamp(LogitsLength / vocabularySize / Grain * Grain, Grain, MaxLength);

    /// <summary>Positions of the piece that begins at <paramref name="start"/>, those that fill it up included.</summary>
    internal static int Length(int start, int positions, int most) =>
        Math.Min(most, KvLayout.RoundUp(positions - start, Grain));
}
