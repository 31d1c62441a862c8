namespace ReSTEM.Numerics;

/// <summary>
/// Pinned memory that was given back, for the next who asks for as much: the system has cleared its pages already, which costs more than most uses of a
/// small model. What nobody asks for is freed by the garbage collector, as if it had not been given back.
/// </summary>
internal static class SpareMemory
{
    private static readonly Lock Changing = new();
    private static readonly List<Part> Parts = [];

    /// <summary>Takes memory of this many numbers, with anything in it; false if none was given back.</summary>
    internal static bool TryTake(int length, out float[] storage, out int offset)
    {
        lock (Changing)
        {
            while (Parts.FindLastIndex(part => part.Length == length) is var place and >= 0)
            {
                Part part = Parts[place];
                Parts.RemoveAt(place);
                if (part.Storage.TryGetTarget(out storage!))
                {
                    offset = part.Offset;
                    return true;
                }
            }
        }

        (storage, offset) = ([], 0);
        return false;
    }

    /// <summary>Gives memory back that nobody will read or write through the buffer that had it.</summary>
    internal static void Give(float[] storage, int offset, int length)
    {
        lock (Changing)
        {
            Parts.RemoveAll(static part => !part.Storage.TryGetTarget(out _));
            Parts.Add(new Part(new WeakReference<float[]>(storage), offset, length));
        }
    }

    private readonly record struct Part(WeakReference<float[]> Storage, int Offset, int Length);
}
