namespace ReSTEM.Core;

/// <summary>What a training job mixes.</summary>
/// <param name="Options">Weight and shares.</param>
/// <param name="Split">Halves of the job's sequences.</param>
/// <param name="Random">Draws the shares.</param>
public sealed record MixupJob(SftMixOptions Options, ConfidenceSplit Split, RandomStream Random);
