using System.Runtime.InteropServices;

namespace ReSTEM.Numerics;

/// <summary>
/// Zeroed float32 memory on a 64-byte boundary that never moves, so that wide loads do not straddle cache lines.
/// The garbage collector frees it, unless its owner gives it back for another buffer.
/// </summary>
/// <remarks>
/// Convention for work on several threads: kernels take spans; code that hands work to a <see cref="WorkerPool"/> captures
/// buffers (or arrays) and slices their spans inside the body.
/// </remarks>
public sealed unsafe class FloatBuffer
{
    private const int AlignmentBytes = 64;
    private const int MaxLength = int.MaxValue - (1 << 20); // room for a start on a page of 2 MiB
    private float[] _storage;
    private int _offset;

    /// <summary>Memory for <paramref name="length"/> numbers, all 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or over 2^31 - 2^20.</exception>
    public FloatBuffer(int length)
        : this(length, isCleared: true)
    {
    }

    private FloatBuffer(int length, bool isCleared)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        Length = length;
        if (HugePages.Suit(length))
        {
            if (!SpareMemory.TryTake(length, out _storage, out _offset))
            {
                (_storage, _offset) = HugePages.Cut(length);
            }

            if (isCleared)
            {
                Span.Clear();
            }

            return;
        }

        const int Padding = AlignmentBytes / sizeof(float);
        _storage = isCleared
            ? GC.AllocateArray<float>(length + Padding, pinned: true)
            : GC.AllocateUninitializedArray<float>(length + Padding, pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(_storage, 0);
        _offset = (int)((AlignmentBytes - address % AlignmentBytes) % AlignmentBytes / sizeof(float));
    }

    /// <summary>Memory with anything in it, also what is no number: what is never written costs no page.</summary>
    public static FloatBuffer Uncleared(int length) => new(length, isCleared: false);

    /// <summary>A buffer that holds a copy of the values.</summary>
    public static FloatBuffer Copy(ReadOnlySpan<float> values)
    {
        var buffer = new FloatBuffer(values.Length);
        values.CopyTo(buffer.Span);
        return buffer;
    }

    /// <summary>Count of numbers.</summary>
    public int Length { get; private set; }

    /// <summary>All of it.</summary>
    public Span<float> Span => _storage.AsSpan(_offset, Length);

    /// <summary>Its address, valid as long as the buffer is reachable.</summary>
    internal float* Pointer => (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_storage, _offset);

    /// <summary>
    /// Lets a later buffer of this length have the memory, rather than the garbage collector; this one is empty from here on. Only for an owner that knows
    /// that nobody holds a span or a pointer into it.
    /// </summary>
    public void GiveBack()
    {
        if (HugePages.Suit(Length))
        {
            SpareMemory.Give(_storage, _offset, Length);
        }

        (_storage, _offset, Length) = ([], 0, 0);
    }

    /// <summary>A part of it.</summary>
    public Span<float> Slice(int start, int length) => Span.Slice(start, length);
}
