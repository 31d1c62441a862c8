using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>
/// Hands requests out to the lanes. It looks ahead by as many requests as there are slots, and no lane holds more than its fair
/// share of what is being drawn and known to wait, so that all lanes work however few requests there are. A run of requests with
/// one prompt goes to one lane, so that the prompt is computed once, and is split only when a lane would have less than its share.
/// </summary>
/// <remarks>Safe for several threads.</remarks>
internal sealed class RequestQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LiveRequests? _live;
    private readonly IEnumerator<SampleRequest> _requests;
    private readonly RequestLimits _limits;
    private readonly IReadOnlyList<int> _laneSlots;
    private readonly int[] _active;
    private readonly PromptRun?[] _runOfLane;
    private readonly List<PromptRun> _runs = []; // in the order given; the last may go on
    private int _waiting;
    private int _lanes;
    private bool _hasEnded;

    internal RequestQueue(IEnumerable<SampleRequest> requests, RequestLimits limits, IReadOnlyList<int> laneSlots)
    {
        _live = requests as LiveRequests;
        _requests = _live is null ? requests.GetEnumerator() : Enumerable.Empty<SampleRequest>().GetEnumerator();
        _limits = limits;
        _laneSlots = laneSlots;
        _lanes = laneSlots.Count;
        _active = new int[laneSlots.Count];
        _runOfLane = new PromptRun?[laneSlots.Count];
    }

    /// <summary>How many requests have come so far, of those that come as time goes on.</summary>
    internal long Arrivals => _live?.Arrivals ?? 0;

    /// <summary>Waits, where requests come as time goes on; false when there will be none.</summary>
    /// <param name="known"><see cref="Arrivals"/> before the lane asked in vain.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal bool WaitForMore(long known, CancellationToken cancellationToken) => _live?.WaitForMore(known, cancellationToken) is true;

    /// <summary>
    /// The next request for a lane; null if it has its share. A lane that holds nothing and gets null is done: there is nothing left.
    /// </summary>
    /// <exception cref="ArgumentException">A request is not valid.</exception>
    internal SampleRequest? Take(int lane)
    {
        lock (_lock)
        {
            LookAhead();
            if (_waiting == 0 || _active[lane] >= Share(lane))
            {
                return null;
            }

            SampleRequest request = RunFor(lane).Take();
            _waiting--;
            _active[lane]++;
            return request;
        }
    }

    /// <summary>Gives back a request that the lane has no memory for now; any lane may take it.</summary>
    internal void PutBack(int lane, SampleRequest request)
    {
        lock (_lock)
        {
            _runOfLane[lane]!.PutBack(request);
            _waiting++;
            _active[lane]--;
        }
    }

    /// <summary>Tells that a lane is done with a request.</summary>
    internal void Finish(int lane)
    {
        lock (_lock)
        {
            _active[lane]--;
        }
    }

    /// <summary>Tells that a lane has ended: the others share what is left.</summary>
    internal void Leave(int lane)
    {
        lock (_lock)
        {
            _lanes--;
            LeaveRun(lane);
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

    private int Share(int lane)
    {
        int known = _active.Sum() + _waiting;
        return Math.Min(_laneSlots[lane], (known + _lanes - 1) / _lanes);
    }

    private void LookAhead()
    {
        int most = _laneSlots.Sum();
        while (_waiting < most && NextValid() is { } request)
        {
            if (_runs.Count == 0 || !_runs[^1].Continues(request))
            {
                _runs.Add(new PromptRun(request.PromptIds));
            }

            _runs[^1].Add(request);
            _waiting++;
        }
    }

    private SampleRequest? NextValid()
    {
        while (_live is not null)
        {
            if (!_live.TryTake(out SampleRequest? live))
            {
                return null;
            }

            if (_limits.Fault(live) is not { } fault)
            {
                return live;
            }

            _live.Refuse(live, fault);
        }

        _hasEnded = _hasEnded || !_requests.MoveNext();
        if (_hasEnded)
        {
            return null;
        }

        _limits.ThrowUnlessValid(_requests.Current);
        return _requests.Current;
    }

    /// <summary>The lane's own run, else one that no lane is at, else the one with most requests left.</summary>
    private PromptRun RunFor(int lane)
    {
        if (_runOfLane[lane] is { Count: > 0 } own)
        {
            return own;
        }

        LeaveRun(lane);
        PromptRun run = _runs.Find(run => run is { Count: > 0, LaneCount: 0 }) ?? _runs.MaxBy(run => run.Count)!;
        run.LaneCount++;
        _runOfLane[lane] = run;
        return run;
    }

    private void LeaveRun(int lane)
    {
        if (_runOfLane[lane] is not { } run)
        {
            return;
        }

        _runOfLane[lane] = null;
        run.LaneCount--;
        if (run is { Count: 0, LaneCount: 0 } && run != _runs[^1])
        {
            _runs.Remove(run);
        }
    }
}
