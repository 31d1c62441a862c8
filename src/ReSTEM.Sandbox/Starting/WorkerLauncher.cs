using System.Collections.Concurrent;
using System.Diagnostics;

namespace ReSTEM.Sandbox;

/// <summary>
/// Starts processes on one thread that lives as long as this process: a worker dies with the thread that started it
/// (prctl(2), PR_SET_PDEATHSIG), so that must not be a thread that ends.
/// </summary>
internal static class WorkerLauncher
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Done)> Queue = Begin();

    /// <summary>The started process.</summary>
    /// <exception cref="SandboxException">The program could not be started.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        var done = new TaskCompletionSource<Process>();
        Queue.Add((start, done));
        return done.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Done)> Begin()
    {
        var queue = new BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Done)>();
        new Thread(() => Serve(queue)) { IsBackground = true, Name = "sandbox launcher" }.Start();
        return queue;
    }

    private static void Serve(BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Done)> queue)
    {
        foreach (var (start, done) in queue.GetConsumingEnumerable())
        {
            try
            {
                done.SetResult(Process.Start(start) ?? throw new InvalidOperationException("no process"));
            }
            catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                done.SetException(new SandboxException($"{start.FileName} could not be started: {failure.Message}.", failure));
            }
        }
    }
}
