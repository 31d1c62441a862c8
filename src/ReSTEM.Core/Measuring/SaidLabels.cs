namespace ReSTEM.Core;

/// <summary>What completions say of problems that all have the same labels.</summary>
internal sealed class SaidLabels
{
    private readonly IReadOnlyList<Problem> _problems;

    private SaidLabels(IReadOnlyList<Problem> problems) => _problems = problems;

    /// <summary>Whether some problem has a distribution rather than one label.</summary>
    internal bool AreSoft => _problems.Any(problem => !problem.Target!.IsOneHot);

    /// <summary>Of problems with the same labels; null for all others.</summary>
    internal static SaidLabels? Of(IReadOnlyList<Problem> problems) =>
        problems.Count > 0 && problems[0].Target is { } first && problems.All(problem => problem.Target?.Labels.SequenceEqual(first.Labels) == true)
            ? new SaidLabels(problems)
            : null;

    /// <summary>The value of each problem whose mean is macro-F1, <see cref="LinearisedFigures"/>.</summary>
    /// <param name="samples">One of each problem, in their order.</param>
    internal double[] MacroF1(IReadOnlyList<Sample> samples) => LinearisedFigures.MacroF1(
        [.. _problems.Zip(samples, (problem, sample) => (problem.Target!.Hard, Said(problem, sample.Completion.Text)))], _problems[0].Target!.Labels.Count);

    /// <summary>Mean over samples of the share of annotators who agree, in [0, 1].</summary>
    internal static double Agreement(Problem problem, IReadOnlyList<Sample> samples) =>
        samples.Average(sample => Core.Agreement.Of(problem, sample.Completion.Text));

    private static int? Said(Problem problem, string text) => Reasoning.Without(text) is { } visible ? problem.Target!.Said(visible) : null;
}
