using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A problem that is left out because its prompt is too long.</summary>
/// <param name="Set">Its set.</param>
/// <param name="Id">Its id.</param>
/// <param name="Tokens">Of its prompt.</param>
public sealed record LongPromptProblem(string Set, string Id, int Tokens);

/// <summary>Whether the prompts of a run leave room for a completion in the context of the models that are given them.</summary>
/// <param name="models">The base model, and the one that is sampled in its place, if any.</param>
/// <param name="options">How a problem becomes a prompt.</param>
/// <param name="watch">Watches.</param>
public sealed class PromptFit(IReadOnlyList<ModelInfo> models, PromptOptions options, LoadWatch watch)
{
    private const int MostShown = 20;
    private readonly List<LongPromptProblem> _long = [];
    private readonly List<string> _other = [];
    private long _done;

    /// <summary>Tokens of the longest prompt that fits.</summary>
    public int Longest { get; private set; }

    /// <summary>What is left out, in the order of the sets.</summary>
    public IReadOnlyList<LongPromptProblem> LeftOut => _long;

    private int Context => models.Min(model => model.ContextLength);

    /// <summary>The problems whose prompts fit.</summary>
    /// <param name="problems">All of them.</param>
    /// <param name="onLong">Whether the others are left out, or none of it is used.</param>
    /// <exception cref="InvalidDataException">Prompts do not fit and may not be left out, or nothing is left of a set; or a prompt cannot be encoded.</exception>
    public RunProblems Of(RunProblems problems, LongPrompt onLong)
    {
        foreach (ModelInfo model in models.Where(_ => options.Chat is not null))
        {
            new ChatFormat(model, options).ThrowUnlessUsable();
        }

        long total = problems.All.LongCount();
        var fitting = new RunProblems(
            Set("train", problems.Train, total), Set("validation", problems.Validation, total),
            [.. problems.Evaluations.Select(set => set with { Problems = Set(set.Name, set.Problems, total) })]);
        ProblemFaults.Throw("prompts that the model cannot be given", _other);
        if (_long.Count > 0 && onLong is LongPrompt.Error)
        {
            throw new InvalidDataException(
                $"{_long.Count} of {total} prompts do not fit the model: expected 1 to {Context - 1} tokens, got {Shown(_long)}. " +
                "Leave these problems out (problems.on_long_prompt: skip, or exclude) or use fewer examples.");
        }

        ProblemFaults.Throw(
            "nothing is left", [.. Emptied(problems, fitting).Select(name => $"every prompt of {name} is too long, expected at most {Context - 1} tokens.")]);
        return fitting;
    }

    /// <summary>One line for each set of which something is left out: how many, how long, which.</summary>
    public IEnumerable<string> Lines(RunProblems before) => _long.GroupBy(problem => problem.Set).Select(set =>
        $"{set.Key}: {set.Count()} of {CountOf(before, set.Key)} problems are left out, their prompts have more than {Context - 1} tokens: {Shown([.. set])}");

    private static string Shown(IReadOnlyList<LongPromptProblem> problems) => string.Join(
        ", ", problems.Take(MostShown).Select(problem => string.Create(CultureInfo.InvariantCulture, $"'{problem.Id}' ({problem.Tokens} tokens)")))
        + (problems.Count > MostShown ? $" and {problems.Count - MostShown} more" : "");

    private static int CountOf(RunProblems problems, string set) => set switch
    {
        "train" => problems.Train.Count,
        "validation" => problems.Validation.Count,
        _ => problems.Evaluations.Single(evaluation => evaluation.Name == set).Problems.Count,
    };

    private static IEnumerable<string> Emptied(RunProblems before, RunProblems after) =>
        after.Evaluations.Select(set => set.Name).Prepend("validation").Prepend("train").Where(name => CountOf(before, name) > 0 && CountOf(after, name) == 0);

    private IReadOnlyList<Problem> Set(string name, IReadOnlyList<Problem> problems, long total)
    {
        int before = _long.Count;
        var fitting = new List<Problem>(problems.Count);
        foreach (Problem problem in problems)
        {
            watch.Step("prompts encoded", ++_done, total);
            if (Fits(name, problem))
            {
                fitting.Add(problem);
            }
        }

        return _long.Count == before ? problems : fitting;
    }

    private bool Fits(string set, Problem problem)
    {
        int most = 0;
        foreach (ModelInfo model in models)
        {
            int[] prompt = Prompts.Encode(model, problem, options, isUntrained: true);
            most = Math.Max(most, prompt.Length);
            if (prompt.Length >= model.ContextLength)
            {
                _long.Add(new LongPromptProblem(set, problem.Id, prompt.Length));
                return false;
            }

            if (model.PromptFault(prompt) is { } fault)
            {
                _other.Add($"'{problem.Id}' of {set}: {fault}");
            }
        }

        Longest = Math.Max(Longest, most);
        return true;
    }
}
