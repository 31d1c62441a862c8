using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Training problems that are also in a held-out set, compared by prompt without regard to case and white space.</summary>
public static class Contamination
{
    /// <summary>Refuses a training problem that is also in a held-out set.</summary>
    /// <param name="training">What is trained on.</param>
    /// <param name="heldOut">What is measured.</param>
    /// <param name="allow">Names of held-out sets that may share problems.</param>
    /// <exception cref="InvalidDataException">Problems are shared, or a name is unknown; all are named.</exception>
    public static void Refuse(ProblemSet training, IReadOnlyList<ProblemSet> heldOut, IReadOnlyCollection<string> allow)
    {
        List<string> faults = [.. allow
            .Where(name => !heldOut.Any(set => set.Name == name))
            .Select(name => $"the set '{name}' that may overlap is not there, expected one of {string.Join(", ", heldOut.Select(set => set.Name))}.")];
        foreach (ProblemSet set in heldOut.Where(set => !allow.Contains(set.Name)))
        {
            faults.AddRange(Overlap(training, set).Select(pair =>
                $"'{pair.First.Id}' of {training.Name} is '{pair.Second.Id}' of {set.Name}, expected different problems; exclude it from {training.Name}, or allow the overlap of {set.Name}."));
        }

        ProblemFaults.Throw("contamination: problems in several sets", faults);
    }

    /// <summary>Refuses a worked example that is also a problem to measure.</summary>
    /// <exception cref="InvalidDataException">Problems are shared; all are named.</exception>
    internal static void RefuseExamples(IReadOnlyList<Problem> examples, IReadOnlyList<EvaluationSet> measured, IReadOnlyCollection<string> allow)
    {
        var byPrompt = examples.GroupBy(example => PromptKey.Of(example.Prompt)).ToDictionary(same => same.Key, same => same.First());
        ProblemFaults.Throw("contamination: few-shot examples that are measured", [.. measured.Where(set => !allow.Contains(set.Name)).SelectMany(set => set.Problems
            .Where(problem => byPrompt.ContainsKey(PromptKey.Of(problem.Prompt)))
            .Select(problem => $"'{byPrompt[PromptKey.Of(problem.Prompt)].Id}' of prompt.few_shot is '{problem.Id}' of {set.Name}, expected different problems; take other examples, or allow the overlap of {set.Name}."))]);
    }

    /// <summary>The problems of one set that are in another.</summary>
    public static IReadOnlyList<(Problem First, Problem Second)> Overlap(ProblemSet first, ProblemSet second)
    {
        Dictionary<string, Problem> byPrompt = [];
        foreach (Problem problem in second.Problems)
        {
            byPrompt.TryAdd(PromptKey.Of(problem.Prompt), problem);
        }

        return
        [
            .. first.Problems
                .Where(problem => byPrompt.ContainsKey(PromptKey.Of(problem.Prompt)))
                .Select(problem => (problem, byPrompt[PromptKey.Of(problem.Prompt)])),
        ];
    }
}
