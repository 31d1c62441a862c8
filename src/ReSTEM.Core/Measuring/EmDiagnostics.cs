namespace ReSTEM.Core;

/// <summary>What an E-step says about EM itself; is told of one problem after the other.</summary>
/// <remarks>
/// Success probability of a problem with c correct of n samples: Beta(c + a, n - c + a) with a = 1/2 (Jeffreys);
/// E[log Z] = psi(c + a) - psi(n + 2a). KL(q || p) of a problem is -log Z. Both are exact only for samples drawn from p itself:
/// a temperature below 1 or top-k makes them statements about the sampled distribution.
/// </remarks>
/// <param name="comparesWithBefore">Whether there was an E-step before.</param>
public sealed class EmDiagnostics(bool comparesWithBefore)
{
    private const double Prior = 0.5;

    private double _logZ;
    private double _logZOfSolved;
    private double _weight;
    private double _squares;
    private int _problems;
    private int _always;
    private int _sometimes;
    private int _never;
    private int _newlySolved;
    private int _lost;

    /// <summary>E[log Z] of a problem, in nats.</summary>
    /// <param name="correct">c.</param>
    /// <param name="drawn">n.</param>
    public static double LogZ(long correct, long drawn) => Digamma.Of(correct + Prior) - Digamma.Of(drawn + (2 * Prior));

    /// <summary>Takes one problem of the E-step, in order.</summary>
    /// <param name="correct">Its correct samples.</param>
    /// <param name="drawn">Its judged samples.</param>
    /// <param name="correctBefore">Its correct samples in the E-step before; not looked at where there was none.</param>
    /// <param name="kept">What was kept of it.</param>
    public void Add(long correct, long drawn, long correctBefore, IReadOnlyList<KeptSample> kept)
    {
        double logZ = LogZ(correct, drawn);
        _problems++;
        _logZ += logZ;
        _logZOfSolved += correct > 0 ? logZ : 0;
        _always += correct == drawn ? 1 : 0;
        _sometimes += correct > 0 && correct < drawn ? 1 : 0;
        _never += correct == 0 ? 1 : 0;
        _newlySolved += correct > 0 && correctBefore == 0 ? 1 : 0;
        _lost += correct == 0 && correctBefore > 0 ? 1 : 0;
        foreach (KeptSample sample in kept)
        {
            _weight += sample.Weight;
            _squares += sample.Weight * sample.Weight;
        }
    }

    /// <summary>The numbers, once all problems are in.</summary>
    public IEnumerable<(Measure Measure, double Value)> Measures()
    {
        int solved = _problems - _never;
        yield return (Measure.LogZ, _logZ / _problems);
        yield return (Measure.Kl, solved == 0 ? 0 : -(_logZOfSolved / solved));
        yield return (Measure.EffectiveSamples, _squares == 0 ? 0 : _weight * _weight / _squares);
        yield return (Measure.AlwaysSolved, _always);
        yield return (Measure.SometimesSolved, _sometimes);
        yield return (Measure.NeverSolved, _never);
        if (comparesWithBefore)
        {
            yield return (Measure.NewlySolved, _newlySolved);
            yield return (Measure.Lost, _lost);
        }
    }
}
