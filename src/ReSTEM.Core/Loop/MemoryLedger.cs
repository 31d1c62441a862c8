namespace ReSTEM.Core;

/// <summary>A ledger that forgets: for an evaluation that stands alone.</summary>
public sealed class MemoryLedger : IRunLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DrawKey, SortedDictionary<(string Problem, int Index), Sample>> _samples = [];
    private readonly Dictionary<(int Iteration, string Name), Estimate> _measures = [];
    private readonly Dictionary<(int Iteration, string Phase), PhaseCost> _costs = [];
    private readonly Dictionary<int, IReadOnlyList<KeptSample>> _kept = [];
    private readonly Dictionary<int, TrainingResult> _trainings = [];
    private readonly HashSet<(int Iteration, string Phase)> _complete = [];

    /// <inheritdoc/>
    public IReadOnlyList<Sample> ReadSamples(DrawKey draw)
    {
        lock (_lock)
        {
            return _samples.TryGetValue(draw, out var samples) ? [.. samples.Values] : [];
        }
    }

    /// <inheritdoc/>
    public void WriteSamples(DrawKey draw, IReadOnlyList<Sample> samples)
    {
        lock (_lock)
        {
            if (!_samples.TryGetValue(draw, out var stored))
            {
                _samples[draw] = stored = new(Comparer<(string Problem, int Index)>.Create((a, b) =>
                    string.CompareOrdinal(a.Problem, b.Problem) is not 0 and var order ? order : a.Index.CompareTo(b.Index)));
            }

            foreach (Sample sample in samples)
            {
                stored[(sample.Completion.ProblemId, sample.Completion.Index)] = sample;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsComplete(int iteration, string phase) => _complete.Contains((iteration, phase));

    /// <inheritdoc/>
    public void Complete(int iteration, string phase) => _complete.Add((iteration, phase));

    /// <inheritdoc/>
    public void AddCost(int iteration, string phase, PhaseCost cost)
    {
        var before = _costs.GetValueOrDefault((iteration, phase));
        _costs[(iteration, phase)] = new PhaseCost(before.Seconds + cost.Seconds, before.Tokens + cost.Tokens);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, PhaseCost> ReadCosts(int iteration) =>
        _costs.Where(cost => cost.Key.Iteration == iteration).ToDictionary(cost => cost.Key.Phase, cost => cost.Value);

    /// <inheritdoc/>
    public IReadOnlyList<KeptSample> ReadKept(int iteration) => _kept.GetValueOrDefault(iteration, []);

    /// <inheritdoc/>
    public void WriteKept(int iteration, IReadOnlyList<KeptSample> kept) => _kept[iteration] = kept;

    /// <inheritdoc/>
    public void WriteSteps(int iteration, IReadOnlyList<TrainingStep> steps)
    {
        // Steps are only read from a run on disk.
    }

    /// <inheritdoc/>
    public TrainingResult? ReadTraining(int iteration) => _trainings.GetValueOrDefault(iteration);

    /// <inheritdoc/>
    public void WriteTraining(int iteration, TrainingResult result) => _trainings[iteration] = result;

    /// <inheritdoc/>
    public void WriteMeasure(int iteration, string name, Estimate value) => _measures[(iteration, name)] = value;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Estimate> ReadMeasures(int iteration) =>
        _measures.Where(measure => measure.Key.Iteration == iteration).ToDictionary(measure => measure.Key.Name, measure => measure.Value);

    /// <inheritdoc/>
    public string PolicyFolder(int iteration) => throw new InvalidOperationException("A ledger in memory has no folders.");

    /// <inheritdoc/>
    public string TrainerFolder(int iteration) => throw new InvalidOperationException("A ledger in memory has no folders.");
}
