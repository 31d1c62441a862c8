using System.Net;
using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>One server: its connection, how it fares, and which weights it has.</summary>
internal sealed class Endpoint : IDisposable
{
    private const double FailureRatio = 0.5;
    private const int FewestCalls = 4;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    private readonly IServerDialect _dialect;
    private readonly RemoteOptions _options;
    private readonly HttpCalls _calls;
    private readonly ResiliencePipeline _breaker;
    private readonly SemaphoreSlim _loading = new(1);
    private readonly TimeProvider _time;
    private long _brokenUntil;
    private string? _loaded;

    internal Endpoint(Uri address, IServerDialect dialect, RemoteOptions options, TimeProvider time)
    {
        (Address, _dialect, _options, _time) = (address, dialect, options, time);
        _calls = new HttpCalls(address, options.ApiKey);
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = FailureRatio,
                MinimumThroughput = FewestCalls,
                SamplingDuration = Watched,
                BreakDuration = options.Break,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is RemoteException { IsTransient: true, RetryAfter: null, Status: not HttpStatusCode.TooManyRequests }),
                OnOpened = arguments => LeaveAlone(arguments.BreakDuration),
            })
            .Build();
    }

    internal Uri Address { get; }

    /// <summary>Calls under way; guarded by the pool.</summary>
    internal int InFlight { get; set; }

    /// <summary>How long it is still to be left alone; zero where it may be asked.</summary>
    internal TimeSpan Rest => _time.GetElapsedTime(_time.GetTimestamp(), Interlocked.Read(ref _brokenUntil)) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>What it computes with.</summary>
    /// <exception cref="RemoteException">There is no usable answer.</exception>
    internal Task<EngineFingerprint> IdentifyAsync(CancellationToken cancellationToken) =>
        LimitedAsync(token => _dialect.IdentifyAsync(_calls, token), _options.Timeout, cancellationToken);

    /// <summary>Asks it something of a policy, which it is given first if it has another.</summary>
    /// <param name="policy">What must answer.</param>
    /// <param name="path">Where it is asked.</param>
    /// <param name="body">The question.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<T> AskAsync<T>(WantedPolicy policy, string path, byte[] body, Func<JsonElement, T> read, CancellationToken cancellationToken) =>
        await _breaker.ExecuteAsync(async token =>
        {
            await EnsureLoadedAsync(policy, token);
            try
            {
                return read(await LimitedAsync(limited => _calls.PostAsync(path, body, limited), _options.Timeout, token));
            }
            catch (RemoteException fault)
            {
                if (fault.Status is not HttpStatusCode.TooManyRequests) // who limits requests is alive, and a question more would be one of them
                {
                    _loaded = null; // it may have been started anew, or given other weights by somebody else: looked at again before it is asked again
                }

                if (fault.Status is HttpStatusCode.NotFound && _dialect.LosesModels)
                {
                    throw new RemoteException(fault.Message, isTransient: true, cause: fault);
                }

                throw;
            }
        }, cancellationToken);

    public void Dispose()
    {
        _calls.Dispose();
        _loading.Dispose();
    }

    private async Task EnsureLoadedAsync(WantedPolicy policy, CancellationToken cancellationToken)
    {
        if (_loaded == policy.Weights)
        {
            return;
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_loaded != policy.Weights)
            {
                _loaded = null;
                await LimitedAsync(
                    async token =>
                    {
                        await _dialect.EnsureAsync(_calls, policy, token);
                        return true;
                    },
                    _options.LoadTimeout, cancellationToken);
                _loaded = policy.Weights;
            }
        }
        finally
        {
            _loading.Release();
        }
    }

    private static async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(limit);
        try
        {
            return await call(end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RemoteException($"it gave no answer within {limit.TotalSeconds:N0} s", isTransient: true);
        }
    }

    private ValueTask LeaveAlone(TimeSpan pause)
    {
        Interlocked.Exchange(ref _brokenUntil, _time.GetTimestamp() + (long)(pause.TotalSeconds * _time.TimestampFrequency));
        _options.Notice($"{Address} keeps failing and is left alone for {pause.TotalSeconds:N0} s; the other servers go on.");
        return ValueTask.CompletedTask;
    }
}
