using System.Globalization;

namespace ReSTEM.Core;

/// <summary>How far the verifiers of an E-step agree, counted while its samples pass, and the samples that pass the agreement threshold.</summary>
/// <param name="gamma">Least agreement of a sample that is kept; null lets all pass.</param>
internal sealed class PanelTally(double? gamma)
{
    private const double Rounding = 1e-9; // an agreement is a ratio of small counts

    private readonly SortedDictionary<string, (IReadOnlyList<string> Ratings, long Count)> _seen = new(StringComparer.Ordinal);

    /// <summary>Samples that did not pass.</summary>
    internal long Withheld { get; private set; }

    /// <summary>Counts samples, and gives those that pass.</summary>
    internal IReadOnlyList<Sample> Pass(IReadOnlyList<Sample> samples)
    {
        var passed = new List<Sample>(samples.Count);
        foreach (Sample sample in samples)
        {
            if (PanelVerifier.RatingsOf(sample.Finding) is not { } ratings)
            {
                passed.Add(sample);
                continue;
            }

            string key = string.Join(' ', ratings);
            _seen[key] = (ratings, _seen.GetValueOrDefault(key).Count + 1);
            if (gamma is { } least && RaterAgreement.Of(ratings) < least - Rounding)
            {
                Withheld++;
            }
            else
            {
                passed.Add(sample);
            }
        }

        return passed;
    }

    /// <summary>None where one verifier alone judged.</summary>
    internal IEnumerable<(Measure Measure, double Value)> Measures()
    {
        if (_seen.Count == 0)
        {
            yield break;
        }

        if (KrippendorffAlpha.NominalOfCounts(_seen.Values.Select(entry => ((IReadOnlyCollection<string>)entry.Ratings, entry.Count))) is { } alpha)
        {
            yield return (Measure.PanelAlpha, alpha);
        }

        double all = _seen.Values.Sum(entry => entry.Count);
        yield return (Measure.PanelAgreement, _seen.Values.Sum(entry => entry.Count * RaterAgreement.Of(entry.Ratings)) / all);
        yield return (Measure.PanelDisputed, Disputed);
        yield return (Measure.PanelWithheld, Withheld);
    }

    /// <summary>For the line that an E-step ends with; empty where one verifier alone judged.</summary>
    internal string Describe() => _seen.Count == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $"; the verifiers disagree on {Disputed:N0}, {Withheld:N0} withheld");

    private long Disputed => _seen.Values.Where(entry => entry.Ratings.Distinct(StringComparer.Ordinal).Count() > 1).Sum(entry => entry.Count);
}
