using System.Runtime.CompilerServices;

namespace ReSTEM.Core;

/// <summary>Samples of a draw as a stream.</summary>
public static class SampleStreams
{
    /// <summary>The judged samples of a draw, problem by problem; the next problem is read while one is looked at.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="draw">Which draw.</param>
    /// <param name="problems">Which problems, in this order.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async IAsyncEnumerable<ProblemSamples> ByProblemAsync(
        this ISampleStore store, DrawId draw, IReadOnlyList<Problem> problems, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Task<ProblemSamples>? next = problems.Count > 0 ? ReadAsync(problems[0]) : null;
        for (int p = 0; next is not null; p++)
        {
            ProblemSamples current = await next;
            next = p + 1 < problems.Count ? ReadAsync(problems[p + 1]) : null;
            yield return current;
        }

        Task<ProblemSamples> ReadAsync(Problem problem) =>
            Task.Run(() => new ProblemSamples(problem, store.Judged(draw, problem.Id)), cancellationToken);
    }

    /// <summary>One problem's samples with a verdict, by index.</summary>
    public static IReadOnlyList<Sample> Judged(this ISampleStore store, DrawId draw, string problemId) =>
        store.Read(draw, problemId).Judged();
}
