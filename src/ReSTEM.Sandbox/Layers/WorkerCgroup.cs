using System.Globalization;

namespace ReSTEM.Sandbox;

/// <summary>
/// The control groups around one worker: its memory with all that address space does not count, such as kernel buffers and
/// scratch files, and the number of its processes.
/// </summary>
internal sealed class WorkerCgroup : IDisposable
{
    // Above what a run within its limits can use, so that none ever meets these: the zygote, its modules, scratch files, pipes.
    private const long WorkerBytes = 256L << 20;
    private const int WorkerProcesses = 16;
    private const int MostWaits = 5000;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(2);
    private readonly string _memory;
    private readonly string _processes;

    private WorkerCgroup(string memory, string processes) => (_memory, _processes) = (memory, processes);

    /// <summary>Processes of the worker that were killed because all together were over the limit of memory.</summary>
    public long KillCount => File.ReadLines(Path.Join(_memory, "memory.oom_control"))
        .Select(line => line.Split(' '))
        .Where(words => words is ["oom_kill", _])
        .Sum(words => long.Parse(words[1], CultureInfo.InvariantCulture));

    /// <summary>An empty pair of groups; null where this user may not make them.</summary>
    /// <param name="limits">Those of a run.</param>
    /// <param name="refusal">Why there is none.</param>
    public static WorkerCgroup? TryCreate(SandboxLimits limits, out string refusal)
    {
        string name = ControlGroups.NewName();
        string memory = "";
        string processes = "";
        try
        {
            memory = Create(ControlGroups.Memory, name);
            processes = Create(ControlGroups.Processes, name);
            long bytes = limits.MemoryBytes + WorkerBytes;
            Write(memory, "memory.limit_in_bytes", bytes);
            if (File.Exists(Path.Join(memory, "memory.memsw.limit_in_bytes")))
            {
                Write(memory, "memory.memsw.limit_in_bytes", bytes); // swapping is no way out
            }

            Write(processes, "pids.max", limits.Threads + WorkerProcesses);
            refusal = "";
            return new WorkerCgroup(memory, processes);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Array.ForEach([memory, processes], folder => _ = folder.Length == 0 || ControlGroups.TryRemove(folder));
            refusal = refused.Message;
            return null;
        }
    }

    /// <summary>Groups that hold a worker which has not begun to fork runs; null where that is not permitted.</summary>
    /// <param name="processId">Its outermost process.</param>
    /// <param name="limits">Those of a run.</param>
    public static WorkerCgroup? TryHold(int processId, SandboxLimits limits)
    {
        if (TryCreate(limits, out _) is not { } group)
        {
            return null;
        }

        try
        {
            // The outermost first: what it forks from then on is in the group, and what it forked before is in the list.
            group.Add(processId);
            string outermost = processId.ToString(CultureInfo.InvariantCulture);
            string children = File.ReadAllText($"/proc/{outermost}/task/{outermost}/children");
            foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                group.Add(int.Parse(child, CultureInfo.InvariantCulture));
            }

            return group;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            group.Dispose();
            return null;
        }
    }

    /// <summary>Removes the groups; waits for the last processes in them, which must have been killed.</summary>
    public void Dispose()
    {
        foreach (string folder in new[] { _memory, _processes })
        {
            // Should one stay, then the next host removes it.
            for (int i = 0; i < MostWaits && !ControlGroups.TryRemove(folder); i++)
            {
                Thread.Sleep(Wait);
            }
        }
    }

    private static string Create(string controller, string name)
    {
        string parent = ControlGroups.OwnFolder(controller);
        ControlGroups.RemoveAbandoned(parent);
        return Directory.CreateDirectory(Path.Join(parent, name)).FullName;
    }

    private void Add(int processId)
    {
        Write(_memory, "cgroup.procs", processId);
        Write(_processes, "cgroup.procs", processId);
    }

    private static void Write(string folder, string file, long value) =>
        File.WriteAllText(Path.Join(folder, file), value.ToString(CultureInfo.InvariantCulture));
}
