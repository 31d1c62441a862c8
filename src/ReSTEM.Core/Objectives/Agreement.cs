namespace ReSTEM.Core;

/// <summary>The expected agreement of a completion with an annotator who is drawn at random: the share of the label that it says.</summary>
internal static class Agreement
{
    /// <summary>In [0, 1]; 0 for a text that says no label.</summary>
    /// <exception cref="InvalidDataException">The problem has no labels.</exception>
    internal static double Of(Problem problem, string text)
    {
        LabelTarget target = problem.Target ?? throw new InvalidDataException(
            $"problem '{problem.Id}' has no labels, expected some for every problem with m_step.weights: agreement.");
        return Reasoning.Without(text) is { } visible && target.Said(visible) is { } label ? target.Distribution[label] : 0;
    }

    /// <summary>The samples with whom anybody agrees.</summary>
    internal static IReadOnlyList<Sample> Some(Problem problem, IReadOnlyList<Sample> samples) =>
        [.. samples.Where(sample => Of(problem, sample.Completion.Text) > 0)];
}
