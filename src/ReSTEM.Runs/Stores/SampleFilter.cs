using System.Text.RegularExpressions;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Which samples are looked for; what is null leaves nothing out.</summary>
public sealed record SampleFilter
{
    /// <summary>Iteration of the draw; 0 is the base model.</summary>
    public int? Iteration { get; init; }

    /// <summary>Problem set, see <see cref="DrawId.Set"/>.</summary>
    public string? Set { get; init; }

    /// <summary>Id of the problem.</summary>
    public string? Problem { get; init; }

    /// <summary>The verdict.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>The reason code.</summary>
    public string? Reason { get; init; }

    /// <summary>Found somewhere in the completion.</summary>
    public Regex? Text { get; init; }
}

/// <summary>A draw of a run.</summary>
/// <param name="Draw">Names it.</param>
/// <param name="Policy">What was sampled, as the ledger has it.</param>
/// <param name="Samples">How many samples are there.</param>
public sealed record DrawListing(DrawId Draw, PolicyFingerprint Policy, long Samples);

/// <summary>A sample of a run.</summary>
/// <param name="Ref">Names it.</param>
/// <param name="Sample">The sample.</param>
public sealed record ListedSample(SampleRef Ref, Sample Sample);
