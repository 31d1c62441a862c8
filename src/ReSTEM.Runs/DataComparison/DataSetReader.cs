using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Makes the data sets of a comparison, one after the other: without what is in the test set, cut to their limits, mixtures of those before.</summary>
/// <param name="labels">The labels of the training, each with what the model says for it.</param>
/// <param name="test">What is measured.</param>
/// <param name="seed">For choices under limits.</param>
internal sealed class DataSetReader(IReadOnlyDictionary<string, string> labels, ProblemSet test, ulong seed)
{
    private readonly HashSet<string> _tested = [.. test.Problems.Select(problem => PromptKey.Of(problem.Prompt))];
    private readonly Dictionary<string, LabelledTexts> _known = new(StringComparer.Ordinal);

    /// <summary>Texts of files.</summary>
    /// <param name="name">Of the data set.</param>
    /// <param name="origin">Where they are from.</param>
    /// <param name="source">Its files are found from the working directory; labels that it does not say are those of the training.</param>
    /// <param name="limit">0 takes all.</param>
    /// <param name="watch">Watches.</param>
    /// <exception cref="InvalidDataException">A file cannot be used, texts have other labels, or too little is left.</exception>
    internal LabelledTexts Of(string name, string origin, ProblemSource source, int limit, LoadWatch watch)
    {
        ProblemSet set = ProblemSet.Load(name, Labelled(source), seed, watch);
        ThrowUnlessLabelled(set);
        return Keep(name, origin, set.Problems, 0, limit);
    }

    /// <summary>Data sets together: each text once, the first to have it keeps it.</summary>
    /// <exception cref="InvalidDataException">Too little is left.</exception>
    internal LabelledTexts Mixed(string name, IReadOnlyList<string> parts, int limit)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        (string Part, Problem Problem)[] all = [.. parts.SelectMany(part => _known[part].Problems.Select(problem => (part, problem)))];
        Problem[] once = [.. all.Where(one => seen.Add(PromptKey.Of(one.Problem.Prompt))).Select(one => one.Problem with { Id = $"{one.Part}/{one.Problem.Id}" })];
        return Keep(name, string.Join(" + ", parts), once, all.Length - once.Length, limit);
    }

    /// <summary>A source with the labels of the training, unless it says its own.</summary>
    internal ProblemSource Labelled(ProblemSource source) => source.Labels is null ? source with { Labels = labels } : source;

    /// <exception cref="InvalidDataException">A problem is of another task, or has other labels than the training.</exception>
    internal void ThrowUnlessLabelled(ProblemSet set)
    {
        foreach (Problem problem in set.Problems)
        {
            if (problem.Target is not { } target)
            {
                throw new InvalidDataException(
                    $"'{problem.Id}' of {set.Name} is of task {problem.Task.ToString().ToLowerInvariant()}, expected classify: its answer is not one of a set of labels.");
            }

            if (!target.Labels.SequenceEqual(labels.Keys) || !target.Verbalisers.SequenceEqual(labels.Values))
            {
                throw new InvalidDataException(
                    $"the labels of '{problem.Id}' of {set.Name} are {Shown(target.Labels, target.Verbalisers)}, expected those of the training, {Shown(labels.Keys, labels.Values)}.");
            }
        }
    }

    private LabelledTexts Keep(string name, string origin, IReadOnlyList<Problem> problems, int repeated, int limit)
    {
        Problem[] left = [.. problems.Where(problem => !_tested.Contains(PromptKey.Of(problem.Prompt)))];
        if (left.Length == 0)
        {
            throw new InvalidDataException($"all {problems.Count} texts of {name} are in the test set, expected others to train on.");
        }

        IReadOnlyList<Problem> taken = limit == 0 ? left : ProblemSet.Create(name, left, []).Subset(limit, ProblemSet.ChoiceOf(name, seed)).Problems;
        string[] there = [.. taken.Select(problem => problem.Target!.HardLabel).Distinct()];
        if (there.Length < 2)
        {
            throw new InvalidDataException($"all {taken.Count} texts of {name} have the label '{there[0]}', expected at least two labels: one alone teaches no classifier.");
        }

        return _known[name] = new LabelledTexts(name, origin, taken, problems.Count - left.Length, repeated);
    }

    private static string Shown(IEnumerable<string> names, IEnumerable<string> said) => string.Join(", ", names.Zip(said, (label, text) => $"{label} ('{text}')"));
}
