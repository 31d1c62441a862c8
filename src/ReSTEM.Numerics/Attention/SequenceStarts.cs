namespace ReSTEM.Numerics;

/// <summary>Where the sequences of a packed batch begin.</summary>
internal static class SequenceStarts
{
    /// <summary>Checks that the starts ascend from 0 and returns the count of tokens, which is the last of them.</summary>
    internal static int Check(ReadOnlySpan<int> starts)
    {
        Shape.AtLeast(starts.Length, 1);
        Shape.Same(starts[0], 0);
        for (int index = 1; index < starts.Length; index++)
        {
            Shape.AtLeast(starts[index], starts[index - 1]);
        }

        return starts[^1];
    }
}
