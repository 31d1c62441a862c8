using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ReSTEM.Sandbox;

/// <summary>One warm worker process and its protocol. Used by one run at a time, whose thread waits in it; a fault makes it unusable for good.</summary>
internal sealed class SandboxWorker : IDisposable
{
    private const byte BytesFrame = 1;
    private const byte StatusFrame = 2;
    private const byte ReadyFrame = 3;
    private const int ReplyHeaderSize = 5;
    private const int MaxStatusSize = 16_384;
    private const int MaxErrorText = 8192;
    private const int MaxVersionSize = 100;
    private const int ExitOfKilled = 128 + 9; // bubblewrap hands on how what it started ended
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private static readonly byte[] StopFrame = [3, 0, 0, 0, 0, 0, 0, 0];

    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly StringBuilder _errors = new();
    private readonly byte[] _buffer = new byte[65_536];
    private readonly Task _errorReader;
    private MemoryStream _received = new();
    private int _start;
    private int _end;
    private int _consumed;
    private CancellationTokenSource? _deadline;
    private RunOutcome? _outcome;
    private WorkerCgroup? _cgroup;
    private volatile bool _isEndedHere;
    private long _memoryLimit;
    private long _outputLimit;

    private SandboxWorker(Process process)
    {
        _process = process;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        _errorReader = ReadErrorsAsync();
    }

    /// <summary>Runs begun so far.</summary>
    public int Runs { get; private set; }

    /// <summary>Whether another run can be begun.</summary>
    public bool Usable { get; private set; } = true;

    /// <summary>Whether it is usable and has not been ended from outside since its last run.</summary>
    public bool IsAlive => Usable && !_process.HasExited;

    /// <summary>The outermost process of the worker.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Of the interpreter, for example <c>3.11.2</c>; from the ready frame.</summary>
    public string InterpreterVersion { get; private set; } = "";

    /// <summary>Memory in bytes that each child gets as copies before it runs; 0 where the kernel copies page by page.</summary>
    public long BytesCopied { get; private set; }

    /// <summary>Starts a worker and waits until it is warm.</summary>
    /// <exception cref="SandboxException">It cannot be started here; the message says why and what to do.</exception>
    public static SandboxWorker Start(SandboxOptions options, CancellationToken cancellationToken)
    {
        bool processView = true;
        while (true)
        {
            var layers = SandboxLayers.All & ~options.GivenUp;
            var start = WorkerCommand.Build(options, layers, processView);
            var worker = new SandboxWorker(WorkerLauncher.Start(start));
            try
            {
                worker._cgroup = WorkerCgroup.TryHold(worker.ProcessId, options.Limits);
                worker.WarmUp(WorkerBundle.Build(layers, options.Packages, options.PageCopying), cancellationToken);
                return worker;
            }
            catch (SandboxException failure)
            {
                worker.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                bool forbidden = worker.ErrorText().Contains("mount proc", StringComparison.Ordinal);
                if (!processView || !forbidden)
                {
                    throw StartFailure.Explain(worker.ErrorText(), failure);
                }

                processView = false;
            }
        }
    }

    /// <summary>Runs a request to its end.</summary>
    public RunOutcome Run(RunRequest request, CancellationToken cancellationToken)
    {
        Begin(request, cancellationToken);
        return End(stop: false);
    }

    /// <summary>Begins a run; <see cref="End"/> must follow, whatever happens in between.</summary>
    public void Begin(RunRequest request, CancellationToken cancellationToken)
    {
        if (!Usable)
        {
            throw new SandboxException("The worker is not usable any more.");
        }

        Runs++;
        Usable = false;
        _received = new MemoryStream();
        _consumed = 0;
        _memoryLimit = request.Limits.MemoryBytes;
        _outputLimit = request.Limits.OutputBytes;
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _deadline.CancelAfter(request.Limits.LongestWall + Grace);
        _deadline.Token.Register(Kill);
        SendRaw(request.ToFrame());
    }

    /// <summary>Sends one more message to the child of a conversation.</summary>
    public void Send(ReadOnlyMemory<byte> message)
    {
        var frame = new byte[12 + message.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, 2);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), (uint)message.Length + 4);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), (uint)message.Length);
        message.Span.CopyTo(frame.AsSpan(12));
        SendRaw(frame);
    }

    /// <summary>The next message of the child, its letter first; null when the child is gone or talks nonsense.</summary>
    public ReadOnlyMemory<byte>? Receive()
    {
        while (_outcome is null)
        {
            if (ChildFrames.TryRead(_received.GetBuffer().AsMemory(0, (int)_received.Length), ref _consumed, out var message))
            {
                return message;
            }

            ReadFrame();
        }

        var rest = _outcome.Output;
        return ChildFrames.TryRead(rest, ref _consumed, out var last) ? last : (ReadOnlyMemory<byte>?)null;
    }

    /// <summary>Waits for the end of the run, or brings it about.</summary>
    public RunOutcome End(bool stop)
    {
        if (stop && _outcome is null)
        {
            SendRaw(StopFrame);
        }

        while (_outcome is null)
        {
            ReadFrame();
        }

        var outcome = _outcome;
        _outcome = null;
        _deadline?.Dispose();
        _deadline = null;
        if (outcome is { WasKilled: true, End: RunEnd.Ended } && _cgroup is { KillCount: > 0 })
        {
            return AfterMemoryKill(outcome);
        }

        Usable = true;
        return outcome;
    }

    /// <summary>Ends the process and everything in it.</summary>
    public void Kill()
    {
        _isEndedHere = true;
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Usable = false;
        _deadline?.Dispose();
        Kill();
        _process.WaitForExit();
        _errorReader.Wait();
        _process.Dispose();
        _cgroup?.Dispose();
    }

    // The kernel kills when all of the worker is over the limit of the group. That is the run's doing only if the run alone is
    // over its own limit; else it is judged again. Either way by a new worker, with nothing heaped up.
    private RunOutcome AfterMemoryKill(RunOutcome outcome) => outcome.PeakMemoryBytes > _memoryLimit
        ? outcome with { End = RunEnd.MemoryLimit }
        : throw Fault("The child was killed because its worker was over the limit of its control group.", wasKilled: true);

    private void WarmUp(byte[] bundle, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        using var kill = timeout.Token.Register(Kill);
        SendRaw(bundle);
        var (kind, size) = ReadHeader();
        if (kind != ReadyFrame || size is < 1 or > MaxVersionSize)
        {
            throw new SandboxException($"First frame of the worker is of kind {kind} and {size} bytes, expected kind {ReadyFrame} and a version.");
        }

        var text = new byte[size];
        Read(text);
        if (Encoding.ASCII.GetString(text).Split(' ') is not [var version, var copied] || !long.TryParse(copied, CultureInfo.InvariantCulture, out long bytes))
        {
            throw new SandboxException($"The worker says '{Encoding.ASCII.GetString(text)}' first, expected a version and a number of bytes.");
        }

        (InterpreterVersion, BytesCopied) = (version, bytes);
    }

    private void ReadFrame()
    {
        var (kind, size) = ReadHeader();
        if (kind == BytesFrame && (size < 0 || _received.Length + size > _outputLimit))
        {
            throw Fault($"The worker handed on {_received.Length + size} bytes of a run, expected at most {_outputLimit}.");
        }

        if (kind == BytesFrame)
        {
            while (size > 0)
            {
                Fill();
                int piece = Math.Min(size, _end - _start);
                _received.Write(_buffer, _start, piece);
                _start += piece;
                size -= piece;
            }
        }
        else if (kind == StatusFrame && size <= MaxStatusSize)
        {
            var status = new byte[size];
            Read(status);
            _outcome = RunOutcome.Read(status, _received.GetBuffer().AsMemory(0, (int)_received.Length));
        }
        else
        {
            throw Fault($"Frame of the worker is of kind {kind} and {size} bytes, expected kind 1 or 2.");
        }
    }

    private (byte Kind, int Size) ReadHeader()
    {
        Span<byte> header = stackalloc byte[ReplyHeaderSize];
        Read(header);
        return (header[4], BinaryPrimitives.ReadInt32LittleEndian(header));
    }

    private void Read(Span<byte> target)
    {
        while (target.Length > 0)
        {
            Fill();
            int piece = Math.Min(target.Length, _end - _start);
            _buffer.AsSpan(_start, piece).CopyTo(target);
            _start += piece;
            target = target[piece..];
        }
    }

    private void Fill()
    {
        if (_start < _end)
        {
            return;
        }

        try
        {
            _start = 0;
            _end = _output.Read(_buffer);
        }
        catch (IOException failure)
        {
            throw Gone("The pipe from the worker broke.", failure);
        }

        if (_end == 0)
        {
            throw Gone($"The worker ended in the middle of a run. {ErrorText()}".TrimEnd(), null);
        }
    }

    private void SendRaw(byte[] frame)
    {
        try
        {
            _input.Write(frame);
            _input.Flush();
        }
        catch (IOException failure)
        {
            throw Gone("The pipe to the worker broke.", failure);
        }
    }

    // The process is gone, or about to go: how it ended says whether it was its own doing.
    private SandboxException Gone(string message, Exception? cause)
    {
        bool wasKilled = !_isEndedHere && _process.WaitForExit(Grace) && _process.ExitCode == ExitOfKilled;
        return wasKilled
            ? Fault("The worker was killed from outside (SIGKILL), for example by the system running out of memory, which dmesg would show.", cause, true)
            : Fault(message, cause);
    }

    private SandboxException Fault(string message, Exception? cause = null, bool wasKilled = false)
    {
        Usable = false;
        Kill();
        return cause is null
            ? new SandboxException(message) { WasKilled = wasKilled }
            : new SandboxException(message, cause) { WasKilled = wasKilled };
    }

    private string ErrorText()
    {
        lock (_errors)
        {
            return _errors.ToString();
        }
    }

    private async Task ReadErrorsAsync()
    {
        var text = new char[1024];
        while (await _process.StandardError.ReadAsync(text) is var count and > 0)
        {
            lock (_errors)
            {
                _errors.Append(text, 0, Math.Min(count, MaxErrorText - Math.Min(_errors.Length, MaxErrorText)));
            }
        }
    }
}
