using System.Threading.Channels;
using Polly;
using Polly.Retry;

namespace ReSTEM.Verification;

/// <summary>Workers of one kind, lent to one run each; broken and worn ones are replaced, with a growing pause in between.</summary>
internal sealed class SandboxPool : IAsyncDisposable
{
    private const int StartRetries = 3;
    private const int RunRetries = 3;

    private readonly SandboxOptions _options;
    private readonly int _size;
    private readonly Channel<Slot> _free;
    private readonly SemaphoreSlim _alone = new(1, 1);
    private readonly ResiliencePipeline _start = RetryOnFault(StartRetries, TimeSpan.FromMilliseconds(200));
    private readonly ResiliencePipeline _run = RetryOnFault(RunRetries, TimeSpan.FromMilliseconds(20));

    public SandboxPool(SandboxOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.WorkerCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RunsPerWorker, 1);
        _options = options;
        _size = options.WorkerCount;
        _free = Channel.CreateUnbounded<Slot>();
        for (int i = 0; i < _size; i++)
        {
            _free.Writer.TryWrite(new Slot());
        }
    }

    /// <summary>Process ids of the workers that are alive now.</summary>
    public IReadOnlyCollection<int> ProcessIds => _live.Keys.ToArray();

    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, byte> _live = [];

    /// <summary>Lends a worker; a fault of the sandbox makes the whole use start again with another one.</summary>
    /// <param name="use">What to do with the worker. Every run that it begins, it ends.</param>
    /// <param name="alone">Whether no other run of this pool may go on meanwhile.</param>
    /// <param name="cancellationToken">Abandons it, and the worker with it.</param>
    /// <exception cref="SandboxException">It failed again and again.</exception>
    public async Task<T> UseAsync<T>(
        Func<SandboxWorker, CancellationToken, Task<T>> use, bool alone, CancellationToken cancellationToken)
    {
        var slots = await TakeAsync(alone ? _size : 1, cancellationToken);
        try
        {
            return await _run.ExecuteAsync(async token => await UseOnceAsync(slots[0], use, token), cancellationToken);
        }
        finally
        {
            slots.ForEach(slot => _free.Writer.TryWrite(slot));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _free.Writer.TryComplete();
        await foreach (var slot in _free.Reader.ReadAllAsync())
        {
            await DropAsync(slot);
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
        catch (OperationCanceledException)
        {
            taken.ForEach(slot => _free.Writer.TryWrite(slot));
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

    private async Task<T> UseOnceAsync<T>(
        Slot slot, Func<SandboxWorker, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            if (slot.Worker is { } old && (!old.Usable || old.Runs >= _options.RunsPerWorker))
            {
                await DropAsync(slot);
            }

            if (slot.Worker is null)
            {
                slot.Worker = await _start.ExecuteAsync(
                    async token => await SandboxWorker.StartAsync(_options, token), cancellationToken);
                _live[slot.Worker.ProcessId] = 0;
            }

            return await use(slot.Worker, cancellationToken);
        }
        catch (SandboxException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            if (slot.Worker is { Usable: false })
            {
                await DropAsync(slot);
            }
        }
    }

    private async Task DropAsync(Slot slot)
    {
        if (slot.Worker is { } worker)
        {
            slot.Worker = null;
            _live.TryRemove(worker.ProcessId, out _);
            await worker.DisposeAsync();
        }
    }

    private static ResiliencePipeline RetryOnFault(int retries, TimeSpan delay) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<SandboxException>(),
            MaxRetryAttempts = retries,
            Delay = delay,
            BackoffType = DelayBackoffType.Exponential,
        })
        .Build();

    private sealed class Slot
    {
        public SandboxWorker? Worker { get; set; }
    }
}
