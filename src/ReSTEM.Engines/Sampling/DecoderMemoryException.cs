namespace ReSTEM.Engines;

/// <summary>
/// A decoder could not have the memory that a step takes, although it had set it aside: somebody else took it. What it was drawing is drawn again with
/// fewer slots.
/// </summary>
public sealed class DecoderMemoryException(Exception inner)
    : Exception($"the device ran out of memory: {inner.Message.Split('\n')[0].Trim()}", inner);
