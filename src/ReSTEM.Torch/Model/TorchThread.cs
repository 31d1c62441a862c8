using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>
/// The one thread on which libtorch computes. Every thread that does would get a team of helpers of its own, and with more helpers than processors they
/// sleep between operations: small operations then take twice as long.
/// </summary>
internal static class TorchThread
{
    private static readonly BlockingCollection<Task> Work = [];
    private static readonly Lazy<Thread> Worker = new(Start);

    /// <summary>Runs work there and waits for it; work that is there already goes on at once.</summary>
    /// <param name="threads">Threads of the processor that it may use.</param>
    /// <param name="work">Its failures come back to the caller.</param>
    internal static T Run<T>(int threads, Func<T> work)
    {
        if (Thread.CurrentThread == Worker.Value)
        {
            return work();
        }

        var task = new Task<T>(() =>
        {
            set_num_threads(threads);
            return work();
        });
        Work.Add(task);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>The same for work without a result.</summary>
    internal static void Run(int threads, Action work) => Run(threads, () =>
    {
        work();
        return true;
    });

    private static Thread Start()
    {
        var thread = new Thread(Serve) { IsBackground = true, Name = "libtorch" };
        thread.Start();
        return thread;
    }

    private static void Serve()
    {
        foreach (Task work in Work.GetConsumingEnumerable())
        {
            work.RunSynchronously();
        }
    }
}
