using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>A prompt.</summary>
/// <param name="Text">As it was given; null for token ids.</param>
/// <param name="Ids">As the model takes it.</param>
internal sealed record OrderedPrompt(string? Text, IReadOnlyList<int> Ids);

/// <summary>What a request for completions asks for, whichever form it has.</summary>
internal sealed record DrawOrder
{
    /// <summary>At least one.</summary>
    internal required IReadOnlyList<OrderedPrompt> Prompts { get; init; }

    /// <summary>Completions of each prompt, at least 1.</summary>
    internal required int Count { get; init; }

    /// <summary>How they are drawn; free of faults. Its limit is at least 1 also where <see cref="DrawsNothing"/>.</summary>
    internal required SamplingOptions Options { get; init; }

    /// <summary>Whether only the prompt is scored.</summary>
    internal bool DrawsNothing { get; init; }

    /// <summary>Keys the random numbers.</summary>
    internal required ulong Seed { get; init; }

    /// <summary>Random numbers by address, one for each completion of each prompt; null where the seed keys them.</summary>
    internal IReadOnlyList<RandomStream>? Streams { get; init; }

    internal bool Streamed { get; init; }

    /// <summary>Whether a stream ends with the count of tokens.</summary>
    internal bool StreamsUsage { get; init; }

    internal bool LogProbabilities { get; init; }

    /// <summary>Whether answers begin with the prompt.</summary>
    internal bool Echo { get; init; }

    internal bool TokenIds { get; init; }

    internal int ChoiceCount => Prompts.Count * Count;

    /// <summary>
    /// The random numbers of a completion. With a seed they are those of <c>restem sample</c> with that seed, of the row and sample of the same numbers.
    /// </summary>
    internal RandomStream StreamOf(int prompt, int sample) => Streams?[(prompt * Count) + sample]
        ?? RandomStream.Of(Seed, RandomPurpose.Sample).At(0, prompt.ToString(System.Globalization.CultureInfo.InvariantCulture), sample);
}
