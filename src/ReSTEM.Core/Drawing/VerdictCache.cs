using System.Collections.Concurrent;

namespace ReSTEM.Core;

/// <summary>
/// Findings on recent completions, so that the same text for the same problem is judged once: most right solutions of a small model
/// are the same string, and the samples of a problem are drawn near each other. Bounded. Safe for several threads.
/// </summary>
/// <param name="capacity">Findings that are remembered at least; at most twice as many are held.</param>
internal sealed class VerdictCache(int capacity)
{
    private readonly Lock _lock = new();
    private ConcurrentDictionary<(string ProblemId, string Text), Lazy<Task<Finding>>> _young = new();
    private ConcurrentDictionary<(string ProblemId, string Text), Lazy<Task<Finding>>> _old = new();

    /// <summary>Findings held.</summary>
    internal int Count => _young.Count + _old.Count;

    /// <summary>The finding on a text; judged if it is not known.</summary>
    internal Task<Finding> GetAsync(string problemId, string text, Func<Task<Finding>> judge)
    {
        var key = (problemId, text);
        if (_young.TryGetValue(key, out var known))
        {
            return known.Value;
        }

        var made = _old.TryGetValue(key, out var older) ? older : new Lazy<Task<Finding>>(judge);
        var kept = _young.GetOrAdd(key, made);
        Age();
        return kept.Value;
    }

    // What was not asked for since the last time is forgotten.
    private void Age()
    {
        lock (_lock)
        {
            if (_young.Count > capacity)
            {
                _old = _young;
                _young = new();
            }
        }
    }
}
