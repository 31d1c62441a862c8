namespace ReSTEM.Tests;

/// <summary>A clock that stands still until it is moved; its timers fire when they are moved past.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state));
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves the clock, then fires every timer once.</summary>
    internal void Move(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds).Ticks;
        _timers.ForEach(timer => timer.Fire());
    }

    private sealed class ManualTimer(Action fire) : ITimer
    {
        private bool _disposed;

        internal void Fire()
        {
            if (!_disposed)
            {
                fire();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
