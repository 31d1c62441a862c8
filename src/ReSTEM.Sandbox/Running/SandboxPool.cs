using System.Collections.Concurrent;
using System.Threading.Channels;
using Polly;
using Polly.Retry;

namespace ReSTEM.Sandbox;

/// <summary>Workers of one kind, lent to one run each; broken and worn ones are replaced, with a growing pause in between.</summary>
internal sealed class SandboxPool : IAsyncDisposable
{
    // Whatever kills workers now and then is outlived by many tries; a faulty set-up is not.
    private const int Retries = 20;
    private const int SetUpRetries = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private static readonly ResiliencePipeline RetryOnFault = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = attempt => ValueTask.FromResult(
                attempt.Outcome.Exception is SandboxException fault && (!fault.IsSetUp || attempt.AttemptNumber < SetUpRetries)),
            MaxRetryAttempts = Retries,
            Delay = FirstPause,
            MaxDelay = LongestPause,
            BackoffType = DelayBackoffType.Exponential,
        })
        .Build();

    private readonly SandboxOptions _options;
    private readonly int _size;
    private readonly Channel<Slot> _free = Channel.CreateUnbounded<Slot>();
    private readonly SemaphoreSlim _alone = new(1, 1);
    private readonly ConcurrentDictionary<int, byte> _live = [];

    public SandboxPool(SandboxOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.WorkerCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RunsPerWorker, 1);
        _options = options;
        _size = options.WorkerCount;
        for (int i = 0; i < _size; i++)
        {
            _free.Writer.TryWrite(new Slot());
        }
    }

    /// <summary>Process ids of the workers that are alive now.</summary>
    public IReadOnlyCollection<int> ProcessIds => _live.Keys.ToArray();

    /// <summary>Lends a worker; a fault of the sandbox makes the whole use start again with another one.</summary>
    /// <param name="use">What to do with the worker, on a thread that may wait. Every run that it begins, it ends.</param>
    /// <param name="alone">Whether no other run of this pool may go on meanwhile.</param>
    /// <param name="cancellationToken">Abandons it, and the worker with it.</param>
    /// <exception cref="SandboxException">It failed again and again.</exception>
    public async Task<T> UseAsync<T>(
        Func<SandboxWorker, CancellationToken, T> use, bool alone, CancellationToken cancellationToken)
    {
        var slots = await TakeAsync(alone ? _size : 1, cancellationToken);
        try
        {
            return await slots[0].Thread.RunAsync(
                () => RetryOnFault.Execute(token => UseOnce(slots[0], use, token), cancellationToken));
        }
        finally
        {
            slots.ForEach(GiveBack);
        }
    }

    /// <summary>As <see cref="UseAsync"/> from within another use, on its thread. A fault is for that one to try again.</summary>
    /// <exception cref="SandboxException">It failed.</exception>
    public T UseWithin<T>(Func<SandboxWorker, CancellationToken, T> use, bool alone, CancellationToken cancellationToken)
    {
        var slots = TakeAsync(alone ? _size : 1, cancellationToken).GetAwaiter().GetResult();
        try
        {
            return UseOnce(slots[0], use, cancellationToken);
        }
        finally
        {
            slots.ForEach(GiveBack);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _free.Writer.TryComplete();
        await foreach (var slot in _free.Reader.ReadAllAsync())
        {
            Discard(slot);
        }

        _alone.Dispose();
    }

    private async Task<List<Slot>> TakeAsync(int count, CancellationToken cancellationToken)
    {
        // One at a time may gather several, or two of them would wait for each other.
        bool gather = count > 1;
        if (gather)
        {
            await _alone.WaitAsync(cancellationToken);
        }

        var taken = new List<Slot>(count);
        try
        {
            while (taken.Count < count)
            {
                taken.Add(await _free.Reader.ReadAsync(cancellationToken));
            }

            return taken;
        }
        catch (Exception stop) when (stop is OperationCanceledException or ChannelClosedException)
        {
            taken.ForEach(GiveBack);
            throw;
        }
        finally
        {
            if (gather)
            {
                _alone.Release();
            }
        }
    }

    private void GiveBack(Slot slot)
    {
        if (!_free.Writer.TryWrite(slot))
        {
            Discard(slot);
        }
    }

    private T UseOnce<T>(Slot slot, Func<SandboxWorker, CancellationToken, T> use, CancellationToken cancellationToken)
    {
        try
        {
            if (slot.Worker is { } old && (!old.IsAlive || old.Runs >= _options.RunsPerWorker))
            {
                Drop(slot);
            }

            if (slot.Worker is null)
            {
                slot.Worker = SandboxWorker.Start(_options, cancellationToken);
                _live[slot.Worker.ProcessId] = 0;
            }

            return use(slot.Worker, cancellationToken);
        }
        catch (SandboxException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            if (slot.Worker is { Usable: false })
            {
                Drop(slot);
            }
        }
    }

    private void Discard(Slot slot)
    {
        Drop(slot);
        slot.Thread.Dispose();
    }

    private void Drop(Slot slot)
    {
        if (slot.Worker is { } worker)
        {
            slot.Worker = null;
            _live.TryRemove(worker.ProcessId, out _);
            worker.Dispose();
        }
    }

    private sealed class Slot
    {
        public SandboxThread Thread { get; } = new();

        public SandboxWorker? Worker { get; set; }
    }
}
