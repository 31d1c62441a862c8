using ReSTEM.Core;

namespace ReSTEM.Managed;

/// <summary>
/// Hands requests out to the lanes. A run of requests with one prompt goes to one lane, so that its prefill is done once;
/// when there is nothing else left to do, a lane takes over half of what waits at another.
/// </summary>
internal sealed class RequestQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IEnumerator<SampleRequest> _requests;
    private readonly RequestCheck _check;
    private readonly LinkedList<SampleRequest>[] _waiting;
    private readonly int _longestRun;
    private SampleRequest? _next;
    private bool _ended;

    internal RequestQueue(IEnumerable<SampleRequest> requests, RequestCheck check, int laneCount, int longestRun)
    {
        _requests = requests.GetEnumerator();
        _check = check;
        _longestRun = longestRun;
        _waiting = [.. Enumerable.Range(0, laneCount).Select(_ => new LinkedList<SampleRequest>())];
    }

    /// <summary>The next request of a lane, or null when there is none left for it.</summary>
    /// <exception cref="ArgumentException">The next request is not valid.</exception>
    internal SampleRequest? Take(int lane)
    {
        lock (_lock)
        {
            LinkedList<SampleRequest> own = _waiting[lane];
            if (own.Count == 0)
            {
                PullRun(own);
            }

            if (own.Count == 0)
            {
                TakeOver(own);
            }

            SampleRequest? request = own.First?.Value;
            if (request is not null)
            {
                own.RemoveFirst();
            }

            return request;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _requests.Dispose();
        }
    }

    internal static bool SamePrompt(IReadOnlyList<int> left, IReadOnlyList<int> right) =>
        ReferenceEquals(left, right) || left.SequenceEqual(right);

    private void PullRun(LinkedList<SampleRequest> own)
    {
        SampleRequest? first = Peek();
        while (Peek() is { } request && own.Count < _longestRun && SamePrompt(first!.PromptIds, request.PromptIds))
        {
            own.AddLast(request);
            _next = null;
        }
    }

    private void TakeOver(LinkedList<SampleRequest> own)
    {
        LinkedList<SampleRequest> longest = _waiting.MaxBy(list => list.Count)!;
        for (int count = (longest.Count + 1) / 2; count > 0; count--)
        {
            own.AddFirst(longest.Last!.Value);
            longest.RemoveLast();
        }
    }

    private SampleRequest? Peek()
    {
        if (_next is null && !_ended)
        {
            _ended = !_requests.MoveNext();
            _next = _ended ? null : _requests.Current;
            if (_next is not null)
            {
                _check.ThrowUnlessValid(_next);
            }
        }

        return _next;
    }
}
