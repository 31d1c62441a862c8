namespace ReSTEM.Remote;

/// <summary>
/// Hands out servers, the least busy one first, so that fast ones do more and the work of one that fails goes to the others. Safe for several threads.
/// </summary>
/// <param name="endpoints">At least one.</param>
/// <param name="concurrency">Calls at each.</param>
/// <param name="time">The clock.</param>
internal sealed class EndpointPool(IReadOnlyList<Endpoint> endpoints, int concurrency, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal IReadOnlyList<Endpoint> Endpoints => endpoints;

    /// <summary>Calls that can be under way at once.</summary>
    internal int Places => endpoints.Count * concurrency;

    /// <summary>Asks a server as soon as one is free.</summary>
    /// <param name="tried">Those that were asked the same before; others come first.</param>
    /// <param name="call">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EndpointException">It failed.</exception>
    internal async Task<T> CallAsync<T>(ISet<Endpoint> tried, Func<Endpoint, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        Endpoint endpoint = await TakeAsync(tried, cancellationToken);
        try
        {
            return await call(endpoint, cancellationToken);
        }
        catch (Exception fault) when (fault is RemoteException or Polly.CircuitBreaker.BrokenCircuitException)
        {
            throw new EndpointException(endpoint.Address, fault);
        }
        finally
        {
            Release(endpoint);
        }
    }

    public void Dispose()
    {
        foreach (Endpoint endpoint in endpoints)
        {
            endpoint.Dispose();
        }
    }

    private async Task<Endpoint> TakeAsync(ISet<Endpoint> tried, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            TimeSpan rest;
            lock (_lock)
            {
                if (endpoints.Where(endpoint => endpoint.InFlight < concurrency && endpoint.Rest == TimeSpan.Zero)
                    .OrderBy(tried.Contains).ThenBy(endpoint => endpoint.InFlight).FirstOrDefault() is { } free)
                {
                    free.InFlight++;
                    tried.Add(free);
                    return free;
                }

                changed = _changed.Task;
                rest = endpoints.Select(endpoint => endpoint.Rest).Where(left => left > TimeSpan.Zero).DefaultIfEmpty(LongestWait).Min();
            }

            await Task.WhenAny(changed, Task.Delay(rest < LongestWait ? rest + TimeSpan.FromMilliseconds(1) : LongestWait, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void Release(Endpoint endpoint)
    {
        lock (_lock)
        {
            endpoint.InFlight--;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

/// <summary>A fault with the server that it is of.</summary>
internal sealed class EndpointException(Uri address, Exception fault) : Exception($"{address}: {Text(fault)}", fault)
{
    internal bool IsTransient => InnerException is not RemoteException { IsTransient: false };

    internal TimeSpan? RetryAfter => InnerException switch
    {
        RemoteException fault => fault.RetryAfter,
        Polly.CircuitBreaker.BrokenCircuitException broken => broken.RetryAfter,
        _ => null,
    };

    private static string Text(Exception fault) => fault is Polly.CircuitBreaker.BrokenCircuitException { InnerException: { } before } ? before.Message
        : fault is Polly.CircuitBreaker.BrokenCircuitException ? "it keeps failing"
        : fault.Message;
}
