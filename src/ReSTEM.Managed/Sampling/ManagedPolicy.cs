using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ReSTEM.Core;
using ReSTEM.Models;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>A policy computed by this engine. The same request gives the same bits whatever the threads, the slots and the other requests.</summary>
public sealed class ManagedPolicy : IPolicy
{
    private const int ScoringTokensPerUnit = 512;

    private readonly EngineOptions _options;
    private readonly Tokenizer? _tokenizer;
    private readonly PackedModel _model;
    private readonly int _blocksPerLane;
    private readonly RequestCheck _check;
    private readonly Stack<LaneMemory> _idleMemories = new();
    private bool _disposed;

    /// <summary>Lays the weights out for the kernels; the given arrays are not written and, but for the embedding and gains, not kept.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="weightsSha256">For the fingerprint.</param>
    /// <param name="tokenizer">Null for a model that is used with token ids only.</param>
    /// <param name="options">How to use the machine.</param>
    public ManagedPolicy(ModelWeights weights, string weightsSha256, Tokenizer? tokenizer, EngineOptions options)
    {
        options.ThrowUnlessValid();
        _options = options;
        _tokenizer = tokenizer;
        _model = new PackedModel(weights);
        _blocksPerLane = LaneMemory.BlockCount(weights.Config, SlotsOf(0), options.KvMemoryBytes / LaneCount);
        _check = new RequestCheck(weights.Config, tokenizer is not null, _blocksPerLane);
        Fingerprint = new PolicyFingerprint(weightsSha256, ManagedEngine.Identity);
    }

    /// <inheritdoc/>
    public PolicyFingerprint Fingerprint { get; }

    private int LaneCount => Math.Min(_options.Threads, _options.SlotCount);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Completion> SampleAsync(
        IEnumerable<SampleRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var queue = new RequestQueue(requests, _check, LaneCount, longestRun: SlotsOf(0));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var finished = Channel.CreateBounded<Completion>(_options.SlotCount);
        Task lanes = Task.WhenAll(Enumerable.Range(0, LaneCount).Select(lane => RunLaneAsync(lane, queue, finished.Writer, stop)));
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

    /// <inheritdoc/>
    public IEnumerable<float[]> LogProbabilities(
        IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var pool = new WorkerPool(_options.Threads);
        foreach (IReadOnlyList<int>[][] units in Units(sequences).Chunk(4 * _options.Threads))
        {
            var results = new float[units.Length][][];
            pool.For(units.Length, unit =>
            {
                LaneMemory memory = Rent();
                results[unit] = new SequenceScorer(memory).Score(units[unit], cancellationToken);
                Return(memory);
            });
            foreach (float[] result in results.SelectMany(unit => unit))
            {
                yield return result;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        lock (_idleMemories)
        {
            _idleMemories.Clear();
        }
    }

    private int SlotsOf(int lane) => (_options.SlotCount / LaneCount) + (lane < _options.SlotCount % LaneCount ? 1 : 0);

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
            LaneMemory memory = Rent();
            new SamplingLane(() => queue.Take(lane), Give, memory, _check, _tokenizer, SlotsOf(lane)).Run(token);
            Return(memory);
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

    /// <summary>Neighbouring sequences together, so that the matrix kernels have enough rows.</summary>
    private IEnumerable<IReadOnlyList<int>[]> Units(IEnumerable<IReadOnlyList<int>> sequences)
    {
        var unit = new List<IReadOnlyList<int>>();
        int limit = Math.Min(_blocksPerLane, KvMemory.BlocksFor(ScoringTokensPerUnit));
        int blocks = 0;
        foreach (IReadOnlyList<int> ids in sequences)
        {
            _check.ThrowUnlessScorable(ids);
            int wanted = KvMemory.BlocksFor(ids.Count);
            if (unit.Count > 0 && blocks + wanted > limit)
            {
                yield return [.. unit];
                unit.Clear();
                blocks = 0;
            }

            unit.Add(ids);
            blocks += wanted;
        }

        if (unit.Count > 0)
        {
            yield return [.. unit];
        }
    }

    private LaneMemory Rent()
    {
        lock (_idleMemories)
        {
            if (_idleMemories.TryPop(out LaneMemory? memory))
            {
                return memory;
            }
        }

        return new LaneMemory(_model, SlotsOf(0), _blocksPerLane);
    }

    private void Return(LaneMemory memory)
    {
        lock (_idleMemories)
        {
            _idleMemories.Push(memory);
        }
    }
}
