namespace ReSTEM.Core;

/// <summary>
/// Finds what the phases of a run wait for, by standing between the loop and its ports. It changes no result: what passes is passed on.
/// </summary>
/// <param name="time">Tells how long.</param>
public sealed class RunProfile(TimeProvider time)
{
    private const int ActivityCount = 3;

    private readonly Lock _lock = new();
    private readonly List<PhaseProfile> _phases = [];
    private readonly int[] _atWork = new int[ActivityCount];
    private double[] _seconds = new double[ActivityCount + 1]; // the last is idle
    private PhaseStart? _phase;
    private long _since;

    /// <summary>The phases that are done, in their order.</summary>
    public IReadOnlyList<PhaseProfile> Phases
    {
        get
        {
            lock (_lock)
            {
                return [.. _phases];
            }
        }
    }

    /// <summary>The engine, watched.</summary>
    public IEngine Watch(IEngine engine) => new ProfiledEngine(engine, this);

    /// <summary>The verifier, watched.</summary>
    public IVerifier Watch(IVerifier verifier) => new ProfiledVerifier(verifier, this);

    /// <summary>The ledger, watched as it writes.</summary>
    public IRunLedger Watch(IRunLedger ledger) => new ProfiledLedger(ledger, this);

    /// <summary>The progress, which tells where phases begin and end.</summary>
    public ILoopProgress Watch(ILoopProgress progress) => new ProfiledProgress(progress, this);

    /// <summary>Somebody is at work until the scope is disposed of.</summary>
    internal Scope During(Activity activity) => new(this, activity, 1);

    /// <summary>Somebody is called from his work until the scope is disposed of.</summary>
    internal Scope Outside(Activity activity) => new(this, activity, -1);

    internal void Begin(PhaseStart phase)
    {
        lock (_lock)
        {
            (_phase, _seconds, _since) = (phase, new double[ActivityCount + 1], time.GetTimestamp());
        }
    }

    internal void End()
    {
        lock (_lock)
        {
            Count();
            if (_phase is { } phase)
            {
                _phases.Add(new PhaseProfile(phase.Iteration, phase.Name, _seconds[0], _seconds[1], _seconds[2], _seconds[ActivityCount]));
                _phase = null;
            }
        }
    }

    private void Change(Activity activity, int by)
    {
        lock (_lock)
        {
            Count();
            _atWork[(int)activity] += by;
        }
    }

    private void Count()
    {
        long now = time.GetTimestamp();
        int first = Array.FindIndex(_atWork, static count => count > 0);
        _seconds[first < 0 ? ActivityCount : first] += time.GetElapsedTime(_since, now).TotalSeconds;
        _since = now;
    }

    /// <summary>A stretch of work, or of absence from it.</summary>
    internal readonly struct Scope : IDisposable
    {
        private readonly RunProfile _profile;
        private readonly Activity _activity;
        private readonly int _change;

        internal Scope(RunProfile profile, Activity activity, int change)
        {
            (_profile, _activity, _change) = (profile, activity, change);
            profile.Change(activity, change);
        }

        public void Dispose() => _profile.Change(_activity, -_change);
    }
}
