using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace ReSTEM.Core;

/// <summary>
/// Findings on completions of a run, so that the same text for the same problem is judged once: most right solutions of a small model
/// are the same string, in one iteration and from one to the next. Bounded. Safe for several threads.
/// </summary>
/// <remarks>
/// It changes no bits: a verifier gives the same finding when it is asked again, but for measurements, which are no part of what a seed
/// reproduces. A run that was killed and goes on starts with an empty one.
/// </remarks>
/// <param name="capacity">Characters of text whose findings are remembered at least; at most twice as many are held.</param>
public sealed class VerdictCache(long capacity)
{
    // A text is held once in its key and mostly once more, as the answer, in its finding, which weighs about this much besides.
    private const int CharactersOfFinding = 500;
    private readonly Lock _lock = new();
    private long _weight;
    private VerdictCache? _others; // of what is no program, if it has a place of its own
    private ConcurrentDictionary<(object Problem, string Text), Lazy<Task<Finding>>> _young = new(SameProblem.Comparer);
    private ConcurrentDictionary<(object Problem, string Text), Lazy<Task<Finding>>> _old = new(SameProblem.Comparer);

    /// <summary>
    /// One for the draws of a run. Of programs, each of which takes a process, 10,000 findings on texts of 3,000 characters or 50,000 on short
    /// ones: 250 MB when full. Of all else, which mostly takes less than a millisecond, some 4,000.
    /// </summary>
    public static VerdictCache ForRun() => new(32 << 20) { _others = new VerdictCache(2 << 20) };

    /// <summary>Findings held.</summary>
    internal int Count => _young.Count + _old.Count;

    /// <summary>The finding on a text; judged if it is not known, also when the verifier failed on it before.</summary>
    /// <param name="problem">By its identity as an object: problems of two sets may have one name.</param>
    /// <param name="text">The completion.</param>
    /// <param name="judge">Asks the verifier.</param>
    internal Task<Finding> GetAsync(object problem, string text, Func<Task<Finding>> judge)
    {
        if (_others is not null && problem is not Problem { Task: TaskKind.Code })
        {
            return _others.GetAsync(problem, text, judge);
        }

        var key = (problem, text);
        if (_young.TryGetValue(key, out var known) && !IsSpoiled(known))
        {
            return known.Value;
        }

        var made = _old.TryGetValue(key, out var older) && !IsSpoiled(older) ? older : new Lazy<Task<Finding>>(judge);
        var kept = known is null ? _young.GetOrAdd(key, made) : _young.AddOrUpdate(key, made, (_, present) => IsSpoiled(present) ? made : present);
        Age(text.Length + CharactersOfFinding);
        return kept.Value;
    }

    // A finding that could not be reached is none, and a draw that was stopped leaves cancelled ones.
    private static bool IsSpoiled(Lazy<Task<Finding>> finding) => finding is { IsValueCreated: true, Value.IsCompleted: true }
        && !(finding.Value.IsCompletedSuccessfully && finding.Value.Result.Verdict is not Verdict.VerifierFailed);

    // What was not asked for since the last time is forgotten.
    private void Age(int weight)
    {
        lock (_lock)
        {
            _weight += weight;
            if (_weight > capacity)
            {
                _old = _young;
                _young = new(SameProblem.Comparer);
                _weight = 0;
            }
        }
    }

    private sealed class SameProblem : IEqualityComparer<(object Problem, string Text)>
    {
        public static readonly SameProblem Comparer = new();

        public bool Equals((object Problem, string Text) one, (object Problem, string Text) other) =>
            ReferenceEquals(one.Problem, other.Problem) && string.Equals(one.Text, other.Text, StringComparison.Ordinal);

        public int GetHashCode((object Problem, string Text) key) =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(key.Problem), string.GetHashCode(key.Text, StringComparison.Ordinal));
    }
}
