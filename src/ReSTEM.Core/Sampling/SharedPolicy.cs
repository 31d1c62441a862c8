using System.Globalization;
using System.Threading.Channels;

namespace ReSTEM.Core;

/// <summary>
/// One policy for many that draw at the same time: what waits is drawn in one batch, of any engine, and the tokens of one do not depend on the others.
/// Safe for several threads.
/// </summary>
public sealed class SharedPolicy : IAsyncDisposable
{
    private readonly IPolicy _policy;
    private readonly Channel<Call> _waiting = Channel.CreateUnbounded<Call>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _drawing;
    private long _number;

    /// <summary>Takes the policy over.</summary>
    public SharedPolicy(IPolicy policy)
    {
        _policy = policy;
        _drawing = Task.Run(DrawAsync);
    }

    /// <summary>Completions of one prompt, in the order of the streams.</summary>
    /// <param name="prompt">Its tokens, which leave room for one more in the context.</param>
    /// <param name="options">Free of faults.</param>
    /// <param name="streams">Random numbers of each completion, at least one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="EngineException">The engine failed.</exception>
    public async Task<IReadOnlyList<Completion>> DrawAsync(
        IReadOnlyList<int> prompt, SamplingOptions options, IReadOnlyList<RandomStream> streams, CancellationToken cancellationToken)
    {
        string id = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
        var call = new Call([.. streams.Select((stream, index) => new SampleRequest
        {
            ProblemId = id,
            Index = index,
            PromptIds = prompt,
            Options = options,
            Random = stream,
            Abandoned = cancellationToken,
        })]);
        await _waiting.Writer.WriteAsync(call, cancellationToken);
        return await call.Drawn.WaitAsync(cancellationToken);
    }

    /// <summary>Stops drawing and closes the policy.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await _drawing;
        _policy.Dispose();
        _stop.Dispose();
    }

    private async Task DrawAsync()
    {
        while (!_stop.IsCancellationRequested && await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            var calls = new Dictionary<string, Call>(StringComparer.Ordinal);
            while (_waiting.Reader.TryRead(out Call? call))
            {
                calls.Add(call.Requests[0].ProblemId, call);
            }

            try
            {
                await foreach (Completion completion in _policy.SampleAsync(calls.Values.SelectMany(call => call.Requests), _stop.Token))
                {
                    calls[completion.ProblemId].Take(completion);
                }

                End(calls.Values, null); // whoever has gone gets none
            }
            catch (OperationCanceledException)
            {
                End(calls.Values, null); // it is closed
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                End(calls.Values, fault); // everyone who waits is told, and the next is tried anew
            }
        }

        while (_waiting.Reader.TryRead(out Call? late))
        {
            late.End(null);
        }
    }

    private static void End(IEnumerable<Call> calls, Exception? fault)
    {
        foreach (Call call in calls)
        {
            call.End(fault);
        }
    }

    /// <summary>Completions of one prompt that are waited for; taken by one thread.</summary>
    private sealed class Call(SampleRequest[] requests)
    {
        private readonly TaskCompletionSource<IReadOnlyList<Completion>> _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Completion[] _completions = new Completion[requests.Length];
        private int _count;

        internal SampleRequest[] Requests => requests;

        internal Task<IReadOnlyList<Completion>> Drawn => _drawn.Task;

        internal void Take(Completion completion)
        {
            _completions[completion.Index] = completion;
            if (++_count == _completions.Length)
            {
                _drawn.TrySetResult(_completions);
            }
        }

        internal void End(Exception? fault)
        {
            if (fault is null)
            {
                _drawn.TrySetCanceled();
            }
            else if (_drawn.TrySetException(fault))
            {
                _ = _drawn.Task.Exception; // whoever waits has it; where nobody does, that is no fault of its own
            }
        }
    }
}
