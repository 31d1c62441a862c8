namespace ReSTEM.Core;

/// <summary>The samples of a run, by draw and problem, so that nobody needs to hold all of a draw.</summary>
public interface ISampleStore
{
    /// <summary>Records which policy a draw samples; every sample of the draw comes from it.</summary>
    /// <exception cref="InvalidDataException">The draw was begun with another policy.</exception>
    void Begin(DrawId draw, PolicyFingerprint policy);

    /// <summary>Adds judged samples; one that is there already is replaced (a failed verdict judged again).</summary>
    /// <param name="draw">Which draw they are of.</param>
    /// <param name="samples">Any number.</param>
    /// <param name="booking">What they cost; null for nothing.</param>
    void Write(DrawId draw, IReadOnlyList<Sample> samples, PhaseBooking? booking = null);

    /// <summary>Samples of one problem, by index; those on which the verifier failed are among them.</summary>
    IReadOnlyList<Sample> Read(DrawId draw, string problemId);

    /// <summary>Which samples of a problem are there, ascending.</summary>
    IReadOnlyList<int> Indices(DrawId draw, string problemId);

    /// <summary>Samples on which the verifier failed, by problem and index.</summary>
    IReadOnlyList<Sample> Failed(DrawId draw);

    /// <summary>Counts of a whole draw.</summary>
    SampleCounts Count(DrawId draw);

    /// <summary>Counts of one problem.</summary>
    SampleCounts Count(DrawId draw, string problemId);
}

/// <summary>How many samples there are.</summary>
/// <param name="Drawn">All.</param>
/// <param name="Failed">Those on which the verifier failed; they say nothing.</param>
/// <param name="Correct">Those with reward 1.</param>
/// <param name="MostPerProblem">The largest index of a sample, plus 1.</param>
public readonly record struct SampleCounts(long Drawn, long Failed, long Correct, int MostPerProblem)
{
    /// <summary>Those with a verdict.</summary>
    public long Judged => Drawn - Failed;
}

/// <summary>One problem with its judged samples, by index.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Samples">Those with a verdict; may be empty.</param>
public sealed record ProblemSamples(Problem Problem, IReadOnlyList<Sample> Samples);
