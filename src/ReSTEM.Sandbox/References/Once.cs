using System.Collections.Concurrent;

namespace ReSTEM.Sandbox;

/// <summary>Work that is done once per key, whoever asks first; a failed try is forgotten.</summary>
internal sealed class Once<T>
{
    private const int MaxKept = 100_000;
    private readonly ConcurrentDictionary<string, Lazy<Task<T>>> _known = new(StringComparer.Ordinal);

    /// <summary>What the work gave for the key.</summary>
    public async Task<T> GetAsync(string key, Func<Task<T>> work)
    {
        if (_known.Count > MaxKept)
        {
            _known.Clear();
        }

        var mine = _known.GetOrAdd(key, _ => new Lazy<Task<T>>(work));
        try
        {
            return await mine.Value;
        }
        finally
        {
            if (!mine.Value.IsCompletedSuccessfully)
            {
                _known.TryRemove(new KeyValuePair<string, Lazy<Task<T>>>(key, mine));
            }
        }
    }
}
