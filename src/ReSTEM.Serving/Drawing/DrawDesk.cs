using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>
/// One policy for all callers: their requests join the batch that is being drawn as slots come free, and the tokens of one do not depend on the others.
/// Safe for several threads.
/// </summary>
internal sealed class DrawDesk : IAsyncDisposable
{
    private readonly IPolicy _policy;
    private readonly Action<string> _notice;
    private readonly LiveRequests _requests;
    private readonly ConcurrentDictionary<string, ChoiceDraw> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _scoring = new(1);
    private readonly Task _drawing;
    private long _number;

    /// <summary>Takes the policy over.</summary>
    internal DrawDesk(IPolicy policy, Action<string> notice)
    {
        (_policy, _notice) = (policy, notice);
        _requests = new LiveRequests((request, fault) => Close(request.ProblemId)?.Fail(ApiException.Of("prompt", fault)));
        _drawing = Task.Run(DrawAsync);
    }

    /// <summary>Completions that are waited for.</summary>
    internal int OpenCount => _open.Count;

    /// <summary>Begins to draw completions of one prompt.</summary>
    /// <param name="prompt">Its tokens.</param>
    /// <param name="options">Free of faults.</param>
    /// <param name="streams">Random numbers of each.</param>
    /// <param name="abandoned">Cancelled when the caller has gone.</param>
    internal IReadOnlyList<ChoiceDraw> Begin(IReadOnlyList<int> prompt, SamplingOptions options, IEnumerable<RandomStream> streams, CancellationToken abandoned)
    {
        List<ChoiceDraw> draws = [];
        List<SampleRequest> requests = [];
        foreach (RandomStream stream in streams)
        {
            var draw = new ChoiceDraw();
            string id = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
            _open[id] = draw;
            abandoned.UnsafeRegister(_ => Close(id)?.Fail(new OperationCanceledException(abandoned)), null);
            draws.Add(draw);
            requests.Add(new SampleRequest
            {
                ProblemId = id,
                Index = 0,
                PromptIds = prompt,
                Options = options,
                Random = stream,
                Listener = draw.Take,
                Abandoned = abandoned,
            });
        }

        _requests.Add(requests);
        return draws;
    }

    /// <summary>Log-probabilities of sequences; element 0 of each is 0.</summary>
    internal async Task<float[][]> ScoreAsync(IReadOnlyList<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        await _scoring.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => _policy.LogProbabilities(sequences, cancellationToken).ToArray(), cancellationToken);
        }
        finally
        {
            _scoring.Release();
        }
    }

    /// <summary>Stops drawing and closes the policy; who still waits is told.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _requests.Complete();
        await _drawing;
        _policy.Dispose();
        _stop.Dispose();
        _scoring.Dispose();
    }

    private ChoiceDraw? Close(string id) => _open.TryRemove(id, out ChoiceDraw? draw) ? draw : null;

    private async Task DrawAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            long known = _requests.Arrivals;
            try
            {
                await foreach (Completion completion in _policy.SampleAsync(_requests, _stop.Token))
                {
                    Close(completion.ProblemId)?.Finish(completion);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // the server ends
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // Whatever became of the engine, every caller is told, and the next request is tried anew.
                _notice($"drawing failed: {fault.Message}");
                FailAll($"drawing failed: {fault.Message}");
                await Task.Run(() => _requests.WaitForMore(known, CancellationToken.None));
            }
        }

        FailAll("the server is stopping.");
    }

    private void FailAll(string message)
    {
        foreach (string id in _open.Keys)
        {
            Close(id)?.Fail(new ApiException(StatusCodes.Status503ServiceUnavailable, message));
        }
    }
}
