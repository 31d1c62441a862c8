using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>A policy that several servers draw from at once. Which of them draws a sample, and how often it was asked for, changes no bit of it.</summary>
internal sealed class RemotePolicy : IPolicy
{
    private const int SequencesPerQuestion = 16;
    private const string ScorePath = "v1/completions";

    private readonly WantedPolicy _policy;
    private readonly EndpointPool _pool;
    private readonly IServerDialect _dialect;
    private readonly CallPipeline<Completion[]> _drawing;
    private readonly CallPipeline<float[][]> _scoring;
    private bool _isClosed;

    internal RemotePolicy(WantedPolicy policy, EndpointPool pool, IServerDialect dialect, RemoteOptions options, TimeProvider time)
    {
        (_policy, _pool, _dialect) = (policy, pool, dialect);
        _drawing = new CallPipeline<Completion[]>(pool, options, time);
        _scoring = new CallPipeline<float[][]>(pool, options, time);
    }

    /// <inheritdoc/>
    public PolicyFingerprint Fingerprint => _policy.Fingerprint;

    /// <inheritdoc/>
    /// <exception cref="EngineException">No server gives a usable answer.</exception>
    public IAsyncEnumerable<Completion> SampleAsync(IEnumerable<SampleRequest> requests, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return DrawAsync(requests, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">No server gives a usable answer.</exception>
    /// <exception cref="NotSupportedException">Servers of this kind tell none.</exception>
    public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return Score(sequences, cancellationToken);
    }

    /// <summary>Refuses further calls. The servers keep the weights until they are given others.</summary>
    public void Dispose() => _isClosed = true;

    private async IAsyncEnumerable<Completion> DrawAsync(
        IEnumerable<SampleRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var source = new WorkSource(requests, _dialect.MostSamples);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var finished = Channel.CreateBounded<Completion>(_pool.Places * _dialect.MostSamples);
        Task callers = Task.WhenAll(Enumerable.Range(0, _pool.Places).Select(_ => Task.Run(() => CallAsync(source, finished.Writer, stop), CancellationToken.None)));
        _ = callers.ContinueWith(ended => finished.Writer.TryComplete(First(ended.Exception)), TaskScheduler.Default);
        try
        {
            await foreach (Completion completion in finished.Reader.ReadAllAsync(cancellationToken))
            {
                yield return completion;
            }

            cancellationToken.ThrowIfCancellationRequested(); // else the end could be taken for all there is
        }
        finally
        {
            await stop.CancelAsync();
            await callers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its failure went through the channel
        }
    }

    /// <summary>What went wrong, rather than the cancellations that it caused.</summary>
    private static Exception? First(AggregateException? faults) =>
        faults?.InnerExceptions.FirstOrDefault(fault => fault is not OperationCanceledException) ?? faults?.InnerException;

    private async Task CallAsync(WorkSource source, ChannelWriter<Completion> finished, CancellationTokenSource stop)
    {
        bool isDone = false;
        try
        {
            while (!stop.IsCancellationRequested && source.Take() is { } batch)
            {
                ThrowUnlessValid(batch);
                byte[] body = _dialect.DrawBody(batch, _policy);
                Completion[] drawn = await _drawing.RunAsync(
                    (endpoint, token) => endpoint.AskAsync(_policy, _dialect.DrawPath, body, answer => _dialect.ReadDrawn(answer, batch, _policy), token), stop.Token);
                foreach (Completion completion in drawn)
                {
                    await finished.WriteAsync(completion, stop.Token);
                }
            }

            isDone = true;
        }
        finally
        {
            if (!isDone)
            {
                await stop.CancelAsync(); // a failure stops the others
            }
        }
    }

    private void ThrowUnlessValid(IReadOnlyList<SampleRequest> batch)
    {
        if ((_policy.Model.PromptFault(batch[0].PromptIds) ?? batch[0].Options.Fault()) is { } fault)
        {
            throw new ArgumentException($"problem {batch[0].ProblemId}, sample {batch[0].Index}: {fault}");
        }
    }

    private IEnumerable<float[]> Score(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        foreach (IReadOnlyList<int>[][] parts in sequences.Select(Checked).Chunk(SequencesPerQuestion).Chunk(_pool.Places))
        {
            // Callers of this port wait on their own thread for what engines compute on theirs.
            float[][][] scores = Task.Run(() => Task.WhenAll(parts.Select(part => ScoreAsync(part, cancellationToken))), cancellationToken).GetAwaiter().GetResult();
            foreach (float[] logs in scores.SelectMany(part => part))
            {
                yield return logs;
            }
        }
    }

    private IReadOnlyList<int> Checked(IReadOnlyList<int> ids) => _policy.Model.SequenceFault(ids) is { } fault ? throw new ArgumentException(fault) : ids;

    private Task<float[][]> ScoreAsync(IReadOnlyList<int>[] sequences, CancellationToken cancellationToken)
    {
        byte[] body = _dialect.ScoreBody(sequences, _policy);
        return _scoring.RunAsync(
            (endpoint, token) => endpoint.AskAsync(_policy, ScorePath, body, answer => _dialect.ReadScores(answer, sequences, _policy), token), cancellationToken);
    }
}
