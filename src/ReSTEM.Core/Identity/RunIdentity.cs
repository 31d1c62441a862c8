namespace ReSTEM.Core;

/// <summary>
/// Everything that decides the bits of a run, an evaluation or a training, by name: settings, and digests of the contents of all
/// inputs. What only changes speed is not in it, nor where an input lies. Whoever goes on with work compares it first.
/// </summary>
public sealed class RunIdentity
{
    private const string EnginePart = "engine";

    private readonly SortedDictionary<string, string> _parts;

    private RunIdentity(IEnumerable<KeyValuePair<string, string>> parts) =>
        _parts = new SortedDictionary<string, string>(parts.ToDictionary(), StringComparer.Ordinal);

    /// <summary>Nothing yet.</summary>
    public static RunIdentity Empty { get; } = new([]);

    /// <summary>Names and values, by name.</summary>
    public IReadOnlyDictionary<string, string> Parts => _parts;

    /// <summary>SHA-256 of all names and values, lower-case hexadecimal.</summary>
    public string Digest
    {
        get
        {
            using var digest = new ContentDigest();
            foreach (var (name, value) in _parts)
            {
                digest.Add(name);
                digest.Add(value);
            }

            return digest.Finish();
        }
    }

    /// <summary>An identity that was stored.</summary>
    public static RunIdentity Of(IEnumerable<KeyValuePair<string, string>> parts) => new(parts);

    /// <summary>The same with one part more.</summary>
    /// <exception cref="ArgumentException">There is a part of this name.</exception>
    public RunIdentity With(string name, string value) => new(_parts.Append(KeyValuePair.Create(name, value)));

    /// <summary>The same with the parts of another one, each name after a prefix.</summary>
    /// <exception cref="ArgumentException">A part is there already.</exception>
    public RunIdentity With(string prefix, IEnumerable<KeyValuePair<string, string>> parts) =>
        new(_parts.Concat(parts.Select(part => KeyValuePair.Create(prefix + part.Key, part.Value))));

    /// <summary>The same with the digest of problems, whole: prompt, reference, choices, tests, task and all else that they have.</summary>
    public RunIdentity With(string name, IReadOnlyList<Problem> problems) => With(name, $"{problems.Count} problems {ContentDigest.Of(problems)}");

    /// <summary>The same with what an engine's bits depend on.</summary>
    public RunIdentity With(EngineFingerprint engine) => With(EnginePart, engine.Describe());

    /// <summary>The same with the content of a model: weights, configuration, tokenizer, adapter.</summary>
    /// <param name="name">What it is in the run, for example <c>base</c>.</param>
    /// <param name="policy">Names the weights.</param>
    /// <param name="model">Digests of the rest.</param>
    public RunIdentity With(string name, PolicyRef policy, ModelInfo model)
    {
        var weights = With($"{name} weights", policy.Sha256).With($"{name} ", model.Digests);
        return policy.Adapter is { } adapter ? weights.With($"{name} adapter", adapter.Sha256) : weights;
    }

    /// <summary>The same with what judges problems, by task.</summary>
    public RunIdentity With(IVerifier verifier, IEnumerable<Problem> problems) => With("verifier ", problems
        .Select(problem => problem.Task).Distinct()
        .Select(task => KeyValuePair.Create(task.ToString().ToLowerInvariant(), verifier.VersionOf(task))));

    /// <summary>Whether a part says what computes: its settings, and what its bits depend on.</summary>
    public static bool IsOfEngine(string name) => name == EnginePart || name.StartsWith(EnginePart + ".", StringComparison.Ordinal);

    /// <summary>What differs, by name: what it was, and what it is now; null where there is nothing on that side.</summary>
    public IReadOnlyList<(string Name, string? Before, string? Now)> Differences(RunIdentity before) =>
    [
        .. _parts.Keys.Union(before._parts.Keys).Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Before: before._parts.GetValueOrDefault(name), Now: _parts.GetValueOrDefault(name)))
            .Where(part => part.Before != part.Now),
    ];

    /// <summary>The differences in words, for a message; empty if there are none.</summary>
    public string Compare(RunIdentity before) => string.Join("; ", Differences(before)
        .Select(part => $"{part.Name} is {part.Now ?? "missing"}, expected {part.Before ?? "nothing"}"));
}
