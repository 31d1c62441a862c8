namespace ReSTEM.Sandbox;

/// <summary>
/// A thread on which runs wait for their worker. A run is over within milliseconds: to wait for it on the spot takes a fraction of
/// the CPU time that asynchronous reading takes here, and it must not take threads from the pool.
/// </summary>
internal sealed class SandboxThread : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _posted = new(false);
    private Task? _task;
    private bool _ended;

    public SandboxThread() => new Thread(Serve) { IsBackground = true, Name = "sandbox run" }.Start();

    /// <summary>The result of something that may wait. The one before must have ended.</summary>
    public Task<T> RunAsync<T>(Func<T> run)
    {
        var task = new Task<T>(run, TaskCreationOptions.RunContinuationsAsynchronously);
        Post(task, end: false);
        return task;
    }

    /// <summary>Lets the thread end once it has nothing more to do.</summary>
    public void Dispose() => Post(null, end: true);

    private void Post(Task? task, bool end)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended && !end, this);
            _task = task ?? _task;
            _ended = end;
        }

        _posted.Set();
    }

    private void Serve()
    {
        while (true)
        {
            _posted.WaitOne();
            Task? task;
            bool ended;
            lock (_gate)
            {
                (task, _task) = (_task, null);
                ended = _ended;
            }

            task?.RunSynchronously(TaskScheduler.Default);
            if (ended)
            {
                break;
            }
        }

        _posted.Dispose();
    }
}
