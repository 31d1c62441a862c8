using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Problems that belong together, checked: some problem at all, no empty text, no id or prompt twice.</summary>
public sealed class ProblemSet
{
    private ProblemSet(string name, IReadOnlyList<Problem> problems)
    {
        Name = name;
        Problems = problems;
    }

    /// <summary>What the configuration calls the set, for example <c>train</c>.</summary>
    public string Name { get; }

    /// <summary>The problems, in the order of their source.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>Reads or generates, excludes, checks and limits, in this order.</summary>
    /// <param name="name">What the configuration calls the set; keys the choice under the limit.</param>
    /// <param name="source">Where the problems come from; its files are found from the working directory.</param>
    /// <param name="seed">The run's seed, for the choice under the limit.</param>
    /// <exception cref="InvalidDataException">A file is missing or damaged or the problems fail the checks; all faults are named.</exception>
    public static ProblemSet Load(string name, ProblemSource source, ulong seed) => Load(name, source, seed, LoadWatch.None);

    /// <summary>The same, watched.</summary>
    /// <exception cref="InvalidDataException">As above.</exception>
    /// <exception cref="OperationCanceledException">The problems are no longer wanted.</exception>
    public static ProblemSet Load(string name, ProblemSource source, ulong seed, LoadWatch watch)
    {
        List<Problem> problems = source.Generate is { } generate
            ? [.. GeneratedProblems.Create(
                generate.Kinds,
                generate.Split,
                generate.Count,
                (ulong)generate.Seed,
                new GeneratorOptions { LongArithmetic = generate.LongArithmetic },
                (done, total) => watch.Step($"{name}: problems made", done, total))]
            : [];
        for (int file = 0; file < source.Files.Count; file++)
        {
            watch.Step($"{name}: files read", 0, source.Files.Count);
            FileSource one = source.Files[file];
            var read = ProblemFile.Read(one.Path, new ProblemReadOptions
            {
                Format = one.Format ?? source.Format,
                Task = one.Task ?? source.Task,
                Fields = one.Fields ?? source.Fields,
                Labels = source.Labels,
            });
            read = Matching(read, source.Where, one.Path);
            problems.AddRange(one.Limit == 0 ? read : Chosen(read, one.Limit, RandomStream.Of(seed, RandomPurpose.Problems).At(0, name, 1 + file)));
        }

        HashSet<string> excluded = [.. source.Exclude];
        RequireKnown(name, "exclude", excluded, problems);
        watch.Step($"{name}: problems checked", 0, problems.Count);
        ProblemSet set = Create(name, problems.Where(problem => !excluded.Contains(problem.Id)), source.Allow);
        return source.Limit == 0 ? set : set.Subset(source.Limit, ChoiceOf(name, seed));
    }

    /// <summary>Where the choice under a set's limit is drawn from.</summary>
    internal static RandomStream ChoiceOf(string name, ulong seed) => RandomStream.Of(seed, RandomPurpose.Problems).At(0, name, 0);

    /// <summary>Some of the problems as a set of another name, in their order here.</summary>
    internal ProblemSet Part(string name, ReadOnlySpan<int> indices)
    {
        int[] order = [.. indices];
        Array.Sort(order);
        return new ProblemSet(name, [.. order.Select(index => Problems[index])]);
    }

    /// <summary>Checks problems.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="problems">Any problems.</param>
    /// <param name="allow">Ids of problems that may have an empty reference or the prompt of another problem.</param>
    /// <exception cref="InvalidDataException">Some problems fail; all are named.</exception>
    public static ProblemSet Create(string name, IEnumerable<Problem> problems, IReadOnlyCollection<string> allow)
    {
        List<Problem> all = [.. problems];
        HashSet<string> allowed = [.. allow];
        RequireKnown(name, "allow", allowed, all);
        List<string> faults = all.Count == 0 ? [$"{name} is empty, expected at least one problem."] : [];
        HashSet<string> ids = [];
        Dictionary<string, string> idOfPrompt = [];
        foreach (Problem problem in all)
        {
            if (!ids.Add(problem.Id))
            {
                faults.Add($"the id '{problem.Id}' is there twice, expected once; give the rows ids of their own, or the files different names.");
            }

            if (string.IsNullOrWhiteSpace(problem.Prompt))
            {
                faults.Add($"the prompt of '{problem.Id}' is empty, expected a text.");
            }
            else if (!idOfPrompt.TryAdd(PromptKey.Of(problem.Prompt), problem.Id) && !allowed.Contains(problem.Id))
            {
                faults.Add($"the prompt of '{problem.Id}' is that of '{idOfPrompt[PromptKey.Of(problem.Prompt)]}' too, expected one of its own; "
                    + "name it under exclude or allow.");
            }

            bool lacksAnswer = problem.Task == TaskKind.Code ? problem.Tests is null : problem.Reference.Length == 0;
            if (lacksAnswer && !allowed.Contains(problem.Id))
            {
                faults.Add($"the answer of '{problem.Id}' is empty, expected one; name it under exclude or allow.");
            }
        }

        ProblemFaults.Throw($"{name}: problems that cannot be used", faults);
        return new ProblemSet(name, all);
    }

    /// <summary>The problems that have the metadata that are asked for.</summary>
    private static IReadOnlyList<Problem> Matching(IReadOnlyList<Problem> problems, IReadOnlyDictionary<string, string>? wanted, string path)
    {
        foreach (var (field, value) in wanted ?? new Dictionary<string, string>())
        {
            Problem[] matching = [.. problems.Where(problem => problem.Metadata.TryGetValue(field, out string? actual) && actual == value)];
            string[] there = [.. problems.Select(problem => problem.Metadata.GetValueOrDefault(field)).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
            problems = matching.Length > 0 ? matching : throw new InvalidDataException(
                $"{path}: no problem has {field} '{value}' (where), expected {(there.Length == 0 ? $"a field that its rows have" : $"one of {DataRow.Shorten(string.Join(", ", there))}")}.");
        }

        return problems;
    }

    /// <summary>A random choice of problems, in their order. A larger choice from the same stream holds every smaller one.</summary>
    /// <param name="count">How many; all when there are not more.</param>
    /// <param name="random">Where the choice is drawn from.</param>
    public ProblemSet Subset(int count, RandomStream random) =>
        count >= Problems.Count ? this : new ProblemSet(Name, Chosen(Problems, count, random));

    private static IReadOnlyList<Problem> Chosen(IReadOnlyList<Problem> problems, int count, RandomStream random)
    {
        if (count >= problems.Count)
        {
            return problems;
        }

        int[] order = [.. Enumerable.Range(0, problems.Count)];
        random.Sequence().Shuffle(order.AsSpan());
        return [.. order.Take(count).Order().Select(index => problems[index])];
    }

    private static void RequireKnown(string name, string list, HashSet<string> ids, List<Problem> problems) => ProblemFaults.Throw(
        $"{name}: unknown problems",
        [.. ids.Except(problems.Select(problem => problem.Id)).Select(id => $"'{id}' under {list} is not in {name}, expected the id of a problem.")]);
}
