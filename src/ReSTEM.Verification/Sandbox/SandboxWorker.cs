using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace ReSTEM.Verification;

/// <summary>One warm worker process and its protocol. Used by one run at a time; a fault makes it unusable for good.</summary>
internal sealed class SandboxWorker : IAsyncDisposable
{
    private const byte BytesFrame = 1;
    private const byte StatusFrame = 2;
    private const byte ReadyFrame = 3;
    private const int ReplyHeaderSize = 5;
    private const int MaxStatusSize = 16_384;
    private const int MaxErrorText = 8192;
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

    /// <summary>The outermost process of the worker.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts a worker and waits until it is warm.</summary>
    /// <exception cref="SandboxException">It cannot be started here; the message says why and what to do.</exception>
    public static async Task<SandboxWorker> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        bool processView = true;
        while (true)
        {
            var layers = SandboxLayers.All & ~options.GivenUp;
            var start = WorkerCommand.Build(options, layers, processView);
            var worker = new SandboxWorker(await WorkerLauncher.StartAsync(start));
            try
            {
                await worker.WarmUpAsync(WorkerFiles.Bundle(layers, options.Packages), cancellationToken);
                return worker;
            }
            catch (Exception failure) when (failure is IOException or SandboxException)
            {
                await worker.DisposeAsync();
                cancellationToken.ThrowIfCancellationRequested();
                bool forbidden = worker.ErrorText().Contains("mount proc", StringComparison.Ordinal);
                if (!processView || !forbidden)
                {
                    throw StartFailure.Explain(worker.ErrorText());
                }

                processView = false;
            }
        }
    }

    /// <summary>Runs a request to its end.</summary>
    public async Task<RunOutcome> RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        await BeginAsync(request, cancellationToken);
        return await EndAsync(stop: false);
    }

    /// <summary>Begins a run; <see cref="EndAsync"/> must follow, whatever happens in between.</summary>
    public async Task BeginAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (!Usable)
        {
            throw new SandboxException("The worker is not usable any more.");
        }

        Runs++;
        Usable = false;
        _received = new MemoryStream();
        _consumed = 0;
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _deadline.CancelAfter(request.Limits.LongestWall + Grace);
        _deadline.Token.Register(Kill);
        await SendRawAsync(request.ToFrame());
    }

    /// <summary>Sends one more message to the child of a conversation.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> message)
    {
        var frame = new byte[12 + message.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, 2);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), (uint)message.Length + 4);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), (uint)message.Length);
        message.Span.CopyTo(frame.AsSpan(12));
        return SendRawAsync(frame);
    }

    /// <summary>The next message of the child, its letter first; null when the child is gone or talks nonsense.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReceiveAsync()
    {
        while (_outcome is null)
        {
            if (ChildFrames.TryRead(_received.GetBuffer().AsMemory(0, (int)_received.Length), ref _consumed, out var message))
            {
                return message;
            }

            await ReadFrameAsync();
        }

        var rest = _outcome.Output;
        return ChildFrames.TryRead(rest, ref _consumed, out var last) ? last : (ReadOnlyMemory<byte>?)null;
    }

    /// <summary>Waits for the end of the run, or brings it about.</summary>
    public async Task<RunOutcome> EndAsync(bool stop)
    {
        if (stop && _outcome is null)
        {
            await SendRawAsync(StopFrame);
        }

        while (_outcome is null)
        {
            await ReadFrameAsync();
        }

        var outcome = _outcome;
        _outcome = null;
        _deadline?.Dispose();
        _deadline = null;
        Usable = true;
        return outcome;
    }

    /// <summary>Ends the process and everything in it.</summary>
    public void Kill()
    {
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
    public async ValueTask DisposeAsync()
    {
        Usable = false;
        _deadline?.Dispose();
        Kill();
        await _process.WaitForExitAsync();
        await _errorReader;
        _process.Dispose();
    }

    private async Task WarmUpAsync(byte[] bundle, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        using var kill = timeout.Token.Register(Kill);
        await _input.WriteAsync(bundle, CancellationToken.None);
        await _input.FlushAsync(CancellationToken.None);
        var (kind, size) = await ReadHeaderAsync();
        if (kind != ReadyFrame)
        {
            throw new SandboxException($"First frame of the worker is of kind {kind}, expected {ReadyFrame}.");
        }

        await SkipAsync(size);
    }

    private async Task ReadFrameAsync()
    {
        var (kind, size) = await ReadHeaderAsync();
        if (kind == BytesFrame)
        {
            while (size > 0)
            {
                await FillAsync();
                int piece = Math.Min(size, _end - _start);
                _received.Write(_buffer, _start, piece);
                _start += piece;
                size -= piece;
            }
        }
        else if (kind == StatusFrame && size <= MaxStatusSize)
        {
            var status = new byte[size];
            await ReadAsync(status);
            _outcome = RunOutcome.Read(status, _received.GetBuffer().AsMemory(0, (int)_received.Length));
        }
        else
        {
            throw Fault($"Frame of the worker is of kind {kind} and {size} bytes, expected kind 1 or 2.", null);
        }
    }

    private async Task<(byte Kind, int Size)> ReadHeaderAsync()
    {
        var header = new byte[ReplyHeaderSize];
        await ReadAsync(header);
        return (header[4], BinaryPrimitives.ReadInt32LittleEndian(header));
    }

    private async Task ReadAsync(Memory<byte> target)
    {
        while (target.Length > 0)
        {
            await FillAsync();
            int piece = Math.Min(target.Length, _end - _start);
            _buffer.AsMemory(_start, piece).CopyTo(target);
            _start += piece;
            target = target[piece..];
        }
    }

    private async Task SkipAsync(int size) => await ReadAsync(new byte[size]);

    private async ValueTask FillAsync()
    {
        if (_start < _end)
        {
            return;
        }

        try
        {
            _start = 0;
            _end = await _output.ReadAsync(_buffer, CancellationToken.None);
        }
        catch (IOException failure)
        {
            throw Fault("The pipe from the worker broke.", failure);
        }

        if (_end == 0)
        {
            throw Fault($"The worker ended in the middle of a run. {ErrorText()}".TrimEnd(), null);
        }
    }

    private async Task SendRawAsync(byte[] frame)
    {
        try
        {
            await _input.WriteAsync(frame, CancellationToken.None);
            await _input.FlushAsync(CancellationToken.None);
        }
        catch (IOException failure)
        {
            throw Fault("The pipe to the worker broke.", failure);
        }
    }

    private SandboxException Fault(string message, Exception? cause)
    {
        Usable = false;
        Kill();
        return cause is null ? new SandboxException(message) : new SandboxException(message, cause);
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
