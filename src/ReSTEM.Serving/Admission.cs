using Microsoft.AspNetCore.Http;

namespace ReSTEM.Serving;

/// <summary>A bounded queue: who does not fit in is told to come again, instead of waiting until he gives up. Safe for several threads.</summary>
/// <param name="limit">Most places.</param>
/// <param name="what">Of what, for the message.</param>
internal sealed class Admission(int limit, string what)
{
    private readonly Lock _lock = new();
    private int _taken;

    internal int Taken
    {
        get
        {
            lock (_lock)
            {
                return _taken;
            }
        }
    }

    /// <summary>Takes places until the result is disposed of.</summary>
    /// <exception cref="ApiException">There are not so many free now, or never will be.</exception>
    internal IDisposable Enter(int count)
    {
        lock (_lock)
        {
            if (count > limit)
            {
                throw new ApiException(StatusCodes.Status400BadRequest, $"the request asks for {count} {what}, expected at most {limit} at once.");
            }

            if (_taken + count > limit)
            {
                throw new ApiException(
                    StatusCodes.Status429TooManyRequests, $"{_taken} {what} are under way and {count} are asked for, expected at most {limit} together; come again after Retry-After.");
            }

            _taken += count;
            return new Places(this, count);
        }
    }

    private sealed class Places(Admission owner, int count) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._lock)
            {
                owner._taken -= count;
            }
        }
    }
}
