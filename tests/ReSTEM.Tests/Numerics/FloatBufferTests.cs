using System.Runtime.CompilerServices;
using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class FloatBufferTests
{
    private const int Small = 100, CutFromASlab = 100_001, Own = 3_000_001;

    [Theory]
    [InlineData(0)]
    [InlineData(Small)]
    [InlineData(CutFromASlab)]
    [InlineData(Own)]
    public unsafe void A_buffer_is_zero_and_begins_on_a_cache_line(int length)
    {
        Dirty(length);
        var buffer = new FloatBuffer(length);
        Assert.Equal(length, buffer.Span.Length);
        Assert.False(buffer.Span.ContainsAnyExcept(0f));
        fixed (float* start = buffer.Span)
        {
            Assert.Equal(0, (nint)start % 64);
        }
    }

    /// <summary>On Linux: what is cut out of pages of 2 MiB begins on one.</summary>
    [Fact]
    public unsafe void A_large_buffer_begins_on_a_large_page()
    {
        var buffer = new FloatBuffer(Own);
        fixed (float* start = buffer.Span)
        {
            Assert.Equal(0, (nint)start % (2 << 20));
        }
    }

    [Fact]
    public void No_buffer_overlaps_another_whoever_asks_for_it()
    {
        var buffers = new FloatBuffer[2000];
        Parallel.For(0, buffers.Length, number => buffers[number] = FloatBuffer.Uncleared(16_400 + (number % 7)));
        for (int number = 0; number < buffers.Length; number++)
        {
            buffers[number].Span[0] = buffers[number].Span[^1] = number;
        }

        for (int number = 0; number < buffers.Length; number++)
        {
            Assert.Equal((number, number), ((int)buffers[number].Span[0], (int)buffers[number].Span[^1]));
        }
    }

    [Fact]
    public void Memory_that_nobody_uses_any_more_is_given_back()
    {
        WeakReference storage = Abandoned();
        for (int attempt = 0; attempt < 10 && storage.IsAlive; attempt++)
        {
            GC.Collect();
        }

        Assert.False(storage.IsAlive);
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(CutFromASlab)]
    [InlineData(Own)]
    public void What_is_given_back_is_zero_for_the_next_and_nobody_else_s(int length)
    {
        var kept = new FloatBuffer(length);
        for (int turn = 0; turn < 5; turn++)
        {
            var given = FloatBuffer.Uncleared(length);
            given.Span.Fill(float.NaN);
            given.GiveBack();
            given.GiveBack(); // twice is as once
            Assert.Equal(0, given.Length);
            var next = new FloatBuffer(length);
            var another = new FloatBuffer(length);
            Assert.False(next.Span.ContainsAnyExcept(0f));
            next.Span.Fill(1);
            Assert.False(another.Span.ContainsAnyExcept(0f));
            Assert.False(kept.Span.ContainsAnyExcept(0f));
        }
    }

    [Fact]
    public void Memory_that_was_given_back_and_that_nobody_asks_for_is_freed()
    {
        WeakReference storage = GivenBack();
        for (int attempt = 0; attempt < 10 && storage.IsAlive; attempt++)
        {
            GC.Collect();
        }

        Assert.False(storage.IsAlive);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_length_that_no_buffer_has_is_refused(int length) => Assert.Throws<ArgumentOutOfRangeException>(() => new FloatBuffer(length));

    /// <summary>Leaves memory of this size that is free and not zero.</summary>
    private static void Dirty(int length)
    {
        Fill(length);
        GC.Collect();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(int length)
    {
        for (int number = 0; number < 20; number++)
        {
            FloatBuffer.Uncleared(length).Span.Fill(float.NaN);
        }
    }

    /// <summary>The array of a buffer that holds it no more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference GivenBack()
    {
        var buffer = new FloatBuffer(Own + 64); // a length that no other test asks for
        var storage = new WeakReference(Storage(buffer));
        buffer.GiveBack();
        return storage;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_storage")]
    private static extern ref float[] Storage(FloatBuffer buffer);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Abandoned() => new(new FloatBuffer(Own));
}
