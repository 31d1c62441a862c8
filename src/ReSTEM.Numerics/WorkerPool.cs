using System.Runtime.ExceptionServices;

namespace ReSTEM.Numerics;

/// <summary>
/// Threads that share the indices of a loop. Which thread runs which index is not fixed, so a body must write only what
/// belongs to its index; then the thread count never changes a result.
/// </summary>
/// <remarks>
/// Waiting threads spin for some microseconds, then sleep. A loop started inside a body runs on the thread that started it.
/// One loop at a time: a second caller waits for the first.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    private const int SpinsBeforeSleep = 400;
    private const int PausesPerSpin = 8;

    [ThreadStatic]
    private static bool _insideLoop;

    private readonly Lock _oneCaller = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread[] _workers;
    private volatile Loop? _current;
    private volatile bool _stopping;
    private int _sleeping;

    /// <summary>A pool of this many threads, the calling one included.</summary>
    /// <param name="threadCount">At least 1; 1 starts no thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public WorkerPool(int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threadCount);
        ThreadCount = threadCount;
        _workers = new Thread[threadCount - 1];
        for (int index = 0; index < _workers.Length; index++)
        {
            _workers[index] = new Thread(Work) { IsBackground = true, Name = $"kernel worker {index + 1}" };
            _workers[index].Start();
        }
    }

    /// <summary>Runs everything on the calling thread; may be used from many threads at once and needs no disposal.</summary>
    public static WorkerPool Inline { get; } = new(1);

    /// <summary>Threads of a loop, the calling one included.</summary>
    public int ThreadCount { get; }

    /// <summary>Calls <paramref name="body"/> once for each index in [0, <paramref name="count"/>) and returns when all are done.</summary>
    /// <remarks>An exception of a body is thrown here, with its own stack; indices not yet begun are then left out.</remarks>
    public void For(int count, Action<int> body)
    {
        if (_workers.Length == 0 || count <= 1 || _insideLoop)
        {
            for (int index = 0; index < count; index++)
            {
                body(index);
            }

            return;
        }

        lock (_oneCaller)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            Share(new Loop(count, body));
        }
    }

    /// <summary>
    /// Calls <paramref name="body"/>(start, end) over consecutive ranges of [0, <paramref name="count"/>) of
    /// <paramref name="grain"/> indices each (the last may be shorter).
    /// </summary>
    public void ForRanges(int count, int grain, Action<int, int> body)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(grain);
        For((count + grain - 1) / grain, range => body(range * grain, Math.Min(count, (range + 1) * grain)));
    }

    /// <summary>Ends the threads. No loop may be running.</summary>
    public void Dispose()
    {
        if (_workers.Length == 0 || _stopping)
        {
            return;
        }

        _stopping = true;
        _wake.Release(_workers.Length);
        foreach (var worker in _workers)
        {
            worker.Join();
        }

        _wake.Dispose();
    }

    private void Share(Loop loop)
    {
        _current = loop;
        Interlocked.MemoryBarrier(); // a worker going to sleep either sees the loop or is seen here
        int sleeping = Math.Min(Volatile.Read(ref _sleeping), loop.Count - 1);
        if (sleeping > 0)
        {
            _wake.Release(sleeping);
        }

        _insideLoop = true;
        loop.Run();
        _insideLoop = false;
        var wait = new SpinWait();
        while (!loop.IsDone)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }

        _current = null;
        loop.Failure?.Throw();
    }

    private void Work()
    {
        _insideLoop = true;
        Loop? last = null;
        while (!_stopping)
        {
            var loop = WaitForLoop(last);
            if (loop is not null)
            {
                loop.Run();
                last = loop;
            }
        }
    }

    private Loop? WaitForLoop(Loop? last)
    {
        for (int spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            var loop = _current;
            if (loop is not null && loop != last)
            {
                return loop;
            }

            Thread.SpinWait(PausesPerSpin);
        }

        Interlocked.Increment(ref _sleeping);
        var late = _current;
        if ((late is null || late == last) && !_stopping)
        {
            _wake.Wait();
            late = _current;
        }

        Interlocked.Decrement(ref _sleeping);
        return late == last ? null : late;
    }

    private sealed class Loop(int count, Action<int> body)
    {
        private int _next;
        private int _done;
        private ExceptionDispatchInfo? _failure;

        internal int Count => count;

        internal bool IsDone => Volatile.Read(ref _done) == count;

        internal ExceptionDispatchInfo? Failure => _failure;

        internal void Run()
        {
            int finished = 0;
            for (int index = Interlocked.Increment(ref _next) - 1; index < count; index = Interlocked.Increment(ref _next) - 1)
            {
                RunOne(index);
                finished++;
            }

            if (finished > 0)
            {
                Interlocked.Add(ref _done, finished);
            }
        }

        private void RunOne(int index)
        {
            if (Volatile.Read(ref _failure) is not null)
            {
                return;
            }

            try
            {
                body(index);
            }
            catch (Exception exception) // goes on to the thread that started the loop
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }
        }
    }
}
