using ReSTEM.Numerics;

namespace ReSTEM.Tests;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_index_runs_once(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int count = 0; count < 300; count++)
        {
            var seen = new int[count];
            pool.For(count, index => Interlocked.Increment(ref seen[index]));
            Assert.All(seen, times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void Ranges_cover_the_loop_without_overlap()
    {
        using var pool = new WorkerPool(3);
        var seen = new int[101];
        pool.ForRanges(seen.Length, 8, (start, end) =>
        {
            for (int index = start; index < end; index++)
            {
                Interlocked.Increment(ref seen[index]);
            }
        });
        Assert.All(seen, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Exception_of_a_body_reaches_the_caller_and_the_pool_goes_on()
    {
        using var pool = new WorkerPool(2);
        var exception = Assert.Throws<InvalidDataException>(
            () => pool.For(50, index => { if (index == 17) { throw new InvalidDataException("seventeen"); } }));
        Assert.Equal("seventeen", exception.Message);
        int count = 0;
        pool.For(50, _ => Interlocked.Increment(ref count));
        Assert.Equal(50, count);
    }

    [Fact]
    public void Loops_inside_loops_and_from_several_threads_finish()
    {
        using var pool = new WorkerPool(2);
        int count = 0;
        Parallel.For(0, 4, _ => pool.For(10, _ => pool.For(10, _ => Interlocked.Increment(ref count))));
        Assert.Equal(400, count);
    }

    [Fact]
    public void Sleeping_threads_wake_up()
    {
        using var pool = new WorkerPool(2);
        for (int round = 0; round < 20; round++)
        {
            Thread.Sleep(2);
            int count = 0;
            pool.For(64, _ => Interlocked.Increment(ref count));
            Assert.Equal(64, count);
        }
    }
}
