using ReSTEM.Core;

namespace ReSTEM.Reporting;

/// <summary>
/// All that the browser's filters need of a run's samples, column by column: small enough to be unpacked when the page opens. The
/// numbers of a column point into the lists.
/// </summary>
internal sealed class BrowserIndex
{
    private readonly Dictionary<(string Set, string Id), int> _problemNumbers = [];
    private readonly Dictionary<string, int> _reasonNumbers = new(StringComparer.Ordinal);

    internal List<object> Draws { get; } = [];

    internal List<object> Problems { get; } = [];

    internal List<string> Reasons { get; } = [];

    internal List<int> DrawOf { get; } = [];

    internal List<int> ProblemOf { get; } = [];

    internal List<int> IndexOf { get; } = [];

    internal List<int> VerdictOf { get; } = [];

    internal List<int> ReasonOf { get; } = [];

    /// <summary>Samples so far.</summary>
    internal int Count => DrawOf.Count;

    /// <summary>Takes a sample.</summary>
    /// <param name="draw">Number of its draw.</param>
    /// <param name="set">The draw's problem set.</param>
    /// <param name="sample">The sample.</param>
    internal void Add(int draw, string set, Sample sample)
    {
        DrawOf.Add(draw);
        ProblemOf.Add(ProblemNumber(set, sample.Completion.ProblemId));
        IndexOf.Add(sample.Completion.Index);
        VerdictOf.Add((int)sample.Finding.Verdict);
        ReasonOf.Add(ReasonNumber(sample.Finding.Reason));
    }

    /// <summary>The number of a problem; a new one is made known.</summary>
    private int ProblemNumber(string set, string id)
    {
        if (!_problemNumbers.TryGetValue((set, id), out int number))
        {
            number = Problems.Count;
            _problemNumbers.Add((set, id), number);
            Problems.Add(new { id, set });
        }

        return number;
    }

    /// <summary>Problems by number, as they were met.</summary>
    internal IEnumerable<(string Set, string Id)> ProblemKeys => _problemNumbers.OrderBy(entry => entry.Value).Select(entry => entry.Key);

    private int ReasonNumber(string reason)
    {
        if (!_reasonNumbers.TryGetValue(reason, out int number))
        {
            number = Reasons.Count;
            _reasonNumbers.Add(reason, number);
            Reasons.Add(reason);
        }

        return number;
    }

    /// <summary>As it goes into the page.</summary>
    /// <param name="name">The run's.</param>
    /// <param name="best">Its best iteration.</param>
    /// <param name="isRun">Whether draws stand for iterations, rather than for evaluated models.</param>
    internal object ForPage(string name, int best, bool isRun) => new
    {
        name,
        best,
        isRun,
        draws = Draws,
        problems = Problems,
        reasons = Reasons,
        draw = DrawOf,
        problem = ProblemOf,
        index = IndexOf,
        verdict = VerdictOf,
        reason = ReasonOf,
    };
}
