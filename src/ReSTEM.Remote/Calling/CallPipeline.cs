using Polly;
using Polly.Hedging;
using Polly.Retry;
using ReSTEM.Core;

namespace ReSTEM.Remote;

/// <summary>
/// A question that is asked until it is answered: again after a growing pause, or the one that a server asks for; at a second server too where the first is
/// slow. It gives one answer, however often it was asked.
/// </summary>
internal sealed class CallPipeline<T>
{
    private readonly EndpointPool _pool;
    private readonly RemoteOptions _options;
    private readonly ResiliencePipeline<T> _pipeline;

    internal CallPipeline(EndpointPool pool, RemoteOptions options, TimeProvider time)
    {
        (_pool, _options) = (pool, options);
        var builder = new ResiliencePipelineBuilder<T> { TimeProvider = time };
        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<T>
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is EndpointException { IsTransient: true }),
                MaxRetryAttempts = options.Retries,
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                    (arguments.Outcome.Exception as EndpointException)?.RetryAfter ?? Pause(options, arguments.AttemptNumber)),
            });
        }

        if (pool.Endpoints.Count > 1)
        {
            builder.AddHedging(new HedgingStrategyOptions<T>
            {
                ShouldHandle = static _ => ValueTask.FromResult(false), // failures are asked again above; here only slowness counts
                MaxHedgedAttempts = 1,
                Delay = options.HedgeAfter,
            });
        }

        _pipeline = builder.Build();
    }

    /// <summary>Asks.</summary>
    /// <exception cref="EngineException">It was asked as often as it may be, or asking again is in vain.</exception>
    internal async Task<T> RunAsync(Func<Endpoint, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var tried = new SortedSet<Endpoint>(Comparer<Endpoint>.Create((one, other) => string.CompareOrdinal(one.Address.AbsoluteUri, other.Address.AbsoluteUri)));
        try
        {
            return await _pipeline.ExecuteAsync(async token => await _pool.CallAsync(tried, call, token), cancellationToken);
        }
        catch (EndpointException fault)
        {
            string often = fault.IsTransient ? $" (asked {_options.Retries + 1} times)" : "";
            throw new EngineException($"{fault.Message}{often}. What was drawn is kept; mend the server, and the same command goes on.", fault);
        }
    }

    private static TimeSpan Pause(RemoteOptions options, int attempt)
    {
        TimeSpan pause = options.FirstPause * (1 << Math.Min(attempt, 20));
        return pause < options.LongestPause ? pause : options.LongestPause;
    }
}
