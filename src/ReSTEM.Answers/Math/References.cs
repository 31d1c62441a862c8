using ReSTEM.Core;

namespace ReSTEM.Answers;

/// <summary>The answer that a reference gives: itself, or the final answer of a solution that stands in its place.</summary>
internal static class References
{
    internal static string Of(string reference, string prompt, Func<string, string, bool> same) =>
        reference.Contains("\\boxed", StringComparison.Ordinal) || reference.Contains("####", StringComparison.Ordinal)
            ? AnswerExtractor.Find(reference, prompt, false, same)?.Text ?? ""
            : reference;

    /// <summary>
    /// The list of all boxes of the published solution, when the reference is but one of them; else null. Data sets that were made by a
    /// program took the last box where the solution gives several values.
    /// </summary>
    internal static string? Completed(string reference, Problem problem, Func<string, string, bool> same)
    {
        if (problem.Solution.Length == 0)
        {
            return null;
        }

        return AnswerExtractor.Find(problem.Solution, problem.Prompt, false, same) is { IsSingle: false, Text: { Length: > 0 } all }
            && Boxes.All(problem.Solution).Closed.Exists(box => same(box.Content, reference)) ? all : null;
    }
}
