namespace ReSTEM.Numerics;

/// <summary>Memory that a kernel needs for the length of one call, kept by each thread and grown on demand; contents are undefined.</summary>
internal static class Scratch
{
    private const int SlotCount = 8;

    [ThreadStatic]
    private static FloatBuffer[]? _slots;

    /// <summary>One of eight buffers of this thread; a kernel that calls another kernel must not use the other's slots.</summary>
    internal static FloatBuffer Get(int slot, int length)
    {
        _slots ??= new FloatBuffer[SlotCount];
        if (_slots[slot] is not { } buffer || buffer.Length < length)
        {
            buffer = new FloatBuffer((int)Math.Min(Array.MaxLength / 2, Math.Max(length, 1L + length + (length / 4))));
            _slots[slot] = buffer;
        }

        return buffer;
    }
}
