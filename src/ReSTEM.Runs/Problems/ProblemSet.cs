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

    private static void RequireKnown(string name, string list, HashSet<string> ids, List<Problem> problems) => ProblemFaults.Throw(
        $"{name}: unknown problems",
        [.. ids.Except(problems.Select(problem => problem.Id)).Select(id => $"'{id}' under {list} is not in {name}, expected the id of a problem.")]);
}
