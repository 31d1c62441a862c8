using System.Globalization;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>Completions that somebody drew before, as a policy that gives them back: whatever measures policies measures them.</summary>
internal sealed class GivenSamples : IPolicy
{
    private const int Shown = 5;

    private readonly Dictionary<string, List<Completion>> _byProblem = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Problem, int Index), string> _places = [];

    private GivenSamples()
    {
    }

    /// <summary>Of the texts, and whose they are.</summary>
    public PolicyFingerprint Fingerprint { get; private set; } = new("", new EngineFingerprint("given samples", "1", "none", Deterministic: true));

    /// <summary>Rows that name no problem of the sets.</summary>
    internal int LeftOut { get; private set; }

    /// <summary>Stands where a model is described; its prompts are read by nobody.</summary>
    internal static ModelInfo Model { get; } = new()
    {
        Tokenizer = new NoTokens(),
        ContextLength = int.MaxValue,
        EndTokenIds = [0],
        Digests = new Dictionary<string, string>(),
        Description = "given samples",
        VocabularySize = 1,
        ParameterCount = 0,
    };

    /// <summary>Reads the rows of a file.</summary>
    /// <param name="path">The file, or <c>-</c>.</param>
    /// <param name="problems">All problems that are measured, by id.</param>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">Rows are bad, or are twice there, or a problem has none.</exception>
    internal static GivenSamples Read(string path, IReadOnlyDictionary<string, Problem> problems)
    {
        var rows = JsonLines.Read("--samples", path);
        var samples = new GivenSamples();
        foreach (JsonRow row in rows.Rows())
        {
            samples.Add(row, problems);
        }

        string[] missing = [.. problems.Keys.Where(id => !samples._byProblem.ContainsKey(id)).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
        {
            string left = samples.LeftOut > 0 ? $" ({samples.LeftOut} rows are of other problems)" : "";
            throw new InvalidDataException(
                $"{rows.Name} has no sample of {missing.Length} of {problems.Count} problems{left}, expected at least one of each: " +
                $"{string.Join(", ", missing.Take(Shown))}{(missing.Length > Shown ? ", ..." : "")}. Rows name their problem with problem_id, task_id or id; " +
                "--limit and --seed choose the same problems here as in `restem sample`.");
        }

        using var digest = new ContentDigest();
        foreach (Completion completion in samples._byProblem.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => entry.Value))
        {
            digest.Add(completion.ProblemId);
            digest.Add(completion.Text);
            digest.Add(completion.FinishReason.ToString());
        }

        samples.Fingerprint = samples.Fingerprint with { WeightsSha256 = digest.Finish() };
        return samples;
    }

    /// <summary>Samples of the problem that has fewest, and of the one that has most.</summary>
    internal (int Fewest, int Most) Counts(IReadOnlyList<Problem> problems) =>
        (problems.Min(problem => _byProblem[problem.Id].Count), problems.Max(problem => _byProblem[problem.Id].Count));

    /// <inheritdoc/>
    public IAsyncEnumerable<Completion> SampleAsync(IEnumerable<SampleRequest> requests, CancellationToken cancellationToken) => requests
        .Where(request => request.Index < _byProblem[request.ProblemId].Count)
        .Select(request =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return _byProblem[request.ProblemId][request.Index];
        })
        .ToAsyncEnumerable();

    /// <inheritdoc/>
    public IEnumerable<float[]> LogProbabilities(IEnumerable<IReadOnlyList<int>> sequences, CancellationToken cancellationToken) =>
        throw new NotSupportedException("given samples have no probabilities, expected a model.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Add(JsonRow row, IReadOnlyDictionary<string, Problem> problems)
    {
        if (ProblemNames.Find(row, problems) is not { } problem)
        {
            LeftOut += ProblemNames.FieldOf(row) is not null || row.Has("id")
                ? 1
                : throw new InvalidDataException($"{row.Place}: problem_id is missing, expected problem_id, task_id or id of a problem.");
            return;
        }

        if (row.Has("index"))
        {
            RefuseTwice(row, problem);
        }

        if (!_byProblem.TryGetValue(problem.Id, out var list))
        {
            _byProblem.Add(problem.Id, list = []);
        }

        list.Add(new Completion
        {
            ProblemId = problem.Id,
            Index = list.Count,
            TokenIds = [],
            Text = row.Completion(),
            FinishReason = FinishReasons.Of(row),
            LogProbability = 0,
        });
        if (list.Count > MajorityVote.MaxDrawn)
        {
            throw new InvalidDataException($"{row.Place}: '{problem.Id}' has more than {MajorityVote.MaxDrawn} samples, expected at most that.");
        }
    }

    private void RefuseTwice(JsonRow row, Problem problem)
    {
        JsonElement value = row.Value.GetProperty("index");
        int index = value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0
            ? number
            : throw new InvalidDataException($"{row.Place}: index is {JsonRow.Describe(value)}, expected a whole number from 0.");
        if (!_places.TryAdd((problem.Id, index), row.Place))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Place}: sample {index} of '{problem.Id}' is there twice, first at {_places[(problem.Id, index)]}, expected once; leave index out to count rows as they come."));
        }
    }

    private sealed class NoTokens : ITokenizer
    {
        public int VocabularySize => 1;

        public int[] Encode(string text, bool addSpecialTokens) => [0];

        public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens) => "";

        public ITextStream CreateDecoder(bool skipSpecialTokens) => throw new NotSupportedException("given samples have no tokens, expected a model.");
    }
}
