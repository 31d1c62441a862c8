using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ReSTEM.Core;

/// <summary>
/// Requests that come as time goes on, for a policy that many share: whoever draws takes those that are there beside what it is drawing, and waits
/// only where it has nothing to draw. Safe for several threads.
/// </summary>
/// <param name="refused">Is told a request that cannot be served, and why: the others are not touched by it.</param>
public sealed class LiveRequests(Action<SampleRequest, string> refused) : IEnumerable<SampleRequest>
{
    private readonly object _lock = new(); // a monitor: there is something to wait for
    private readonly Queue<SampleRequest> _waiting = new();
    private bool _isComplete;

    /// <summary>How many have come so far.</summary>
    public long Arrivals { get; private set; }

    /// <summary>Adds requests, which stay together.</summary>
    /// <exception cref="InvalidOperationException">No more were to come.</exception>
    public void Add(IEnumerable<SampleRequest> requests)
    {
        lock (_lock)
        {
            if (_isComplete)
            {
                throw new InvalidOperationException("requests are added after the last, expected none.");
            }

            foreach (SampleRequest request in requests)
            {
                _waiting.Enqueue(request);
                Arrivals++;
            }

            Wake();
        }
    }

    /// <summary>Says that no more will come.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            Wake();
        }
    }

    /// <summary>The next one, if there is one now.</summary>
    public bool TryTake([NotNullWhen(true)] out SampleRequest? request)
    {
        lock (_lock)
        {
            return _waiting.TryDequeue(out request);
        }
    }

    /// <summary>Says that a request cannot be served.</summary>
    public void Refuse(SampleRequest request, string fault) => refused(request, fault);

    /// <summary>Waits until more have come than were known; false when no more will.</summary>
    /// <param name="known"><see cref="Arrivals"/> before it was seen that there are none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public bool WaitForMore(long known, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration waking = cancellationToken.UnsafeRegister(_ => Wake(), null);
        lock (_lock)
        {
            while (Arrivals <= known && !_isComplete)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Monitor.Wait(_lock);
            }

            return Arrivals > known;
        }
    }

    /// <summary>All of them in order, for who draws nothing beside waiting.</summary>
    public IEnumerator<SampleRequest> GetEnumerator()
    {
        while (true)
        {
            long known = Arrivals;
            while (TryTake(out SampleRequest? request))
            {
                yield return request;
            }

            if (!WaitForMore(known, CancellationToken.None))
            {
                yield break;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Wake()
    {
        lock (_lock)
        {
            Monitor.PulseAll(_lock);
        }
    }
}
