using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Problems that belong together, checked: some problem at all, no empty text, no id or prompt twice.</summary>
public sealed class ProblemSet
{
    private const int MostFaultsListed = 20;

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
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged or the problems fail the checks; all faults are named.</exception>
    public static ProblemSet Load(string name, ProblemSource source, ulong seed)
    {
        List<Problem> problems = source.Generate is { } generate
            ? [.. GeneratedProblems.Create(
                generate.Kinds,
                generate.Split,
                generate.Count,
                (ulong)generate.Seed,
                new GeneratorOptions { LongArithmetic = generate.LongArithmetic })]
            : [];
        ProblemReadOptions options = new() { Format = source.Format, Task = source.Task };
        foreach (string file in source.Files)
        {
            problems.AddRange(ProblemFile.Read(file, options));
        }

        HashSet<string> excluded = [.. source.Exclude];
        RequireKnown(name, "exclude", excluded, problems);
        ProblemSet set = Create(name, problems.Where(problem => !excluded.Contains(problem.Id)), source.Allow);
        return source.Limit == 0 ? set : set.Subset(source.Limit, RandomStream.Of(seed, RandomPurpose.Problems).At(0, name, 0));
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
                faults.Add($"the id '{problem.Id}' is there twice, expected once.");
            }

            if (string.IsNullOrWhiteSpace(problem.Prompt))
            {
                faults.Add($"the prompt of '{problem.Id}' is empty, expected a text.");
            }
            else if (!idOfPrompt.TryAdd(Normalize(problem.Prompt), problem.Id) && !allowed.Contains(problem.Id))
            {
                faults.Add($"the prompt of '{problem.Id}' is that of '{idOfPrompt[Normalize(problem.Prompt)]}' too, expected one of its own; "
                    + "name it under exclude or allow.");
            }

            bool lacksAnswer = problem.Task == TaskKind.Code ? problem.Tests is null : problem.Reference.Length == 0;
            if (lacksAnswer && !allowed.Contains(problem.Id))
            {
                faults.Add($"the answer of '{problem.Id}' is empty, expected one; name it under exclude or allow.");
            }
        }

        Throw($"{name}: problems that cannot be used", faults);
        return new ProblemSet(name, all);
    }

    /// <summary>A random choice of problems, in their order. A larger choice from the same stream holds every smaller one.</summary>
    /// <param name="count">How many; all when there are not more.</param>
    /// <param name="random">Where the choice is drawn from.</param>
    public ProblemSet Subset(int count, RandomStream random)
    {
        if (count >= Problems.Count)
        {
            return this;
        }

        int[] order = [.. Enumerable.Range(0, Problems.Count)];
        random.Sequence().Shuffle(order.AsSpan());
        return new ProblemSet(Name, [.. order.Take(count).Order().Select(index => Problems[index])]);
    }

    /// <summary>Refuses a training problem that is also in a held-out set, compared by prompt without regard to case and white space.</summary>
    /// <param name="training">What is trained on.</param>
    /// <param name="heldOut">What is measured.</param>
    /// <param name="allow">Names of held-out sets that may share problems.</param>
    /// <exception cref="InvalidDataException">Problems are shared, or a name is unknown; all are named.</exception>
    public static void RequireDisjoint(ProblemSet training, IReadOnlyList<ProblemSet> heldOut, IReadOnlyCollection<string> allow)
    {
        List<string> faults = [.. allow
            .Where(name => !heldOut.Any(set => set.Name == name))
            .Select(name => $"the set '{name}' that may overlap is not there, expected one of {string.Join(", ", heldOut.Select(set => set.Name))}.")];
        foreach (ProblemSet set in heldOut.Where(set => !allow.Contains(set.Name)))
        {
            faults.AddRange(Overlap(training, set).Select(pair =>
                $"'{pair.First.Id}' of {training.Name} is '{pair.Second.Id}' of {set.Name}, expected different problems; exclude it from {training.Name}, or allow the overlap of {set.Name}."));
        }

        Throw("contamination: problems in several sets", faults);
    }

    /// <summary>The problems of one set that are in another, by normalised prompt.</summary>
    public static IReadOnlyList<(Problem First, Problem Second)> Overlap(ProblemSet first, ProblemSet second)
    {
        Dictionary<string, Problem> byPrompt = [];
        foreach (Problem problem in second.Problems)
        {
            byPrompt.TryAdd(Normalize(problem.Prompt), problem);
        }

        List<(Problem First, Problem Second)> shared = [];
        foreach (Problem problem in first.Problems)
        {
            if (byPrompt.TryGetValue(Normalize(problem.Prompt), out Problem? other))
            {
                shared.Add((problem, other));
            }
        }

        return shared;
    }

    /// <summary>Lower case, runs of white space as one blank.</summary>
    private static string Normalize(string prompt) =>
        string.Join(' ', prompt.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static void RequireKnown(string name, string list, HashSet<string> ids, List<Problem> problems) => Throw(
        $"{name}: unknown problems",
        [.. ids.Except(problems.Select(problem => problem.Id)).Select(id => $"'{id}' under {list} is not in {name}, expected the id of a problem.")]);

    private static void Throw(string title, List<string> faults)
    {
        if (faults.Count > 0)
        {
            string more = faults.Count > MostFaultsListed ? $"\n  and {faults.Count - MostFaultsListed} more" : "";
            throw new InvalidDataException($"{title}:\n  {string.Join("\n  ", faults.Take(MostFaultsListed))}{more}");
        }
    }
}
