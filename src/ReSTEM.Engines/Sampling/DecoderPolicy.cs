using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ReSTEM.Core;
using ReSTEM.Numerics;

namespace ReSTEM.Engines;

/// <summary>
/// A policy over any engine's decoders. Where the engine is deterministic, the same request gives the same bits whatever the lanes,
/// the slots and the other requests.
/// </summary>
public sealed class DecoderPolicy : IPolicy
{
    private const int UnitsPerLane = 4;

    private readonly IDecoderModel _model;
    private readonly ITokenizer? _tokenizer;
    private readonly RequestLimits _limits;
    private readonly DecoderPool _decoders;

    /// <summary>Takes the model over: it is disposed with the policy.</summary>
    /// <param name="model">What computes.</param>
    /// <param name="tokenizer">Null for a model that is used with token ids only.</param>
    public DecoderPolicy(IDecoderModel model, ITokenizer? tokenizer)
    {
        _model = model;
        _tokenizer = tokenizer;
        _limits = new RequestLimits(model, tokenizer is not null);
        _decoders = new DecoderPool(model);
    }

    /// <inheritdoc/>
    public PolicyFingerprint Fingerprint => _model.Fingerprint;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    public IAsyncEnumerable<Completion> SampleAsync(IEnumerable<SampleRequest> requests, CancellationToken cancellationToken)
    {
        _decoders.ThrowIfClosed(); // here, not when the first completion is asked for
        return DrawAsync(requests, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The policy was disposed.</exception>
    public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        _decoders.ThrowIfClosed();
        return Score(sequences, cancellationToken);
    }

    /// <summary>Refuses further calls; what is under way goes on, and the model is released after it.</summary>
    public void Dispose() => _decoders.Dispose();

    private async IAsyncEnumerable<Completion> DrawAsync(
        IEnumerable<SampleRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IDisposable use = _decoders.Begin();
        using var queue = new RequestQueue(requests, _limits, _model.LaneSlots);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var finished = Channel.CreateBounded<Completion>(_model.LaneSlots.Sum());
        Task lanes = Task.WhenAll(_model.LaneSlots.Select((_, lane) => RunLaneAsync(lane, queue, finished.Writer, stop)));
        _ = lanes.ContinueWith(ended => finished.Writer.TryComplete(ended.Exception?.InnerException), TaskScheduler.Default);
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
            await lanes.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its failure went through the channel
        }
    }

    /// <summary>Works on a thread of its own; a failure stops the other lanes.</summary>
    private async Task RunLaneAsync(
        int lane, RequestQueue queue, ChannelWriter<Completion> finished, CancellationTokenSource stop)
    {
        CancellationToken token = stop.Token;
        Task work = Task.Factory.StartNew(Work, token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsFaulted)
        {
            await stop.CancelAsync();
        }

        await work;

        void Work()
        {
            try
            {
                Lend(decoder => new SamplingLane(queue, lane, _model, decoder, _limits, _tokenizer, Give).Run(token));
            }
            finally
            {
                queue.Leave(lane);
            }
        }

        // Waits for a slow consumer.
        void Give(Completion completion)
        {
            if (!finished.TryWrite(completion))
            {
                finished.WriteAsync(completion, token).AsTask().GetAwaiter().GetResult();
            }
        }
    }

    private IEnumerable<float[]> Score(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        int lanes = _model.LaneSlots.Count;
        using IDisposable use = _decoders.Begin();
        using var pool = new WorkerPool(lanes);
        foreach (ScoredGroup[][] units in SequenceScorer.Units(sequences, _model, _limits).Chunk(UnitsPerLane * lanes))
        {
            var results = new float[units.Length][][];
            pool.For(units.Length, unit => Lend(decoder =>
                results[unit] = new SequenceScorer(_model, decoder).Score(units[unit], cancellationToken)));
            foreach (float[] result in results.SelectMany(unit => unit))
            {
                yield return result;
            }
        }
    }

    /// <summary>Lends a decoder; where memory runs short, another one that has fewer slots, for the whole work anew.</summary>
    private void Lend(Action<IDecoder> work)
    {
        while (!TryLend(work))
        {
            // what the failed decoder held is free again
        }
    }

    private bool TryLend(Action<IDecoder> work)
    {
        try
        {
            _decoders.Lend(work);
            return true;
        }
        catch (DecoderMemoryException fault)
        {
            return _model.TryHalveSlots()
                ? false
                : throw new EngineException($"{fault.Message}; there are no slots left to give up. Close what else uses the device, or shorten the texts.", fault);
        }
    }
}
