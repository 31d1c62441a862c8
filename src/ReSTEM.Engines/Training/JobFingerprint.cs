using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>Everything that the bits of a job's result depend on, by name. What only changes speed or memory is left out.</summary>
internal static class JobFingerprint
{
    internal static IReadOnlyDictionary<string, string> Of(TrainingJob job, IStepperSource source)
    {
        var optimizer = job.Optimizer;
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["arithmetic"] = source.Arithmetic,
            ["base weights"] = source.WeightsSha256(job.BaseFolder),
            ["base configuration"] = Convert.ToHexStringLower(
                SHA256.HashData(File.ReadAllBytes(Path.Combine(job.BaseFolder, "config.json")))),
            ["sequences"] = $"{job.Sequences.Count} with SHA-256 {HashOf(job.Sequences)}",
            ["optimizer"] = string.Create(
                CultureInfo.InvariantCulture,
                $"rate {optimizer.LearningRate:R} warm-up {optimizer.WarmUpSteps} {optimizer.Schedule} to {optimizer.FinalShare:R} decay {optimizer.WeightDecay:R} betas {optimizer.Beta1:R} {optimizer.Beta2:R} epsilon {optimizer.Epsilon:R} clip {optimizer.ClipNorm:R} batch {optimizer.BatchSequences}"),
            ["epochs"] = job.Epochs.ToString(CultureInfo.InvariantCulture),
            ["order"] = job.Shuffle ? $"random {job.Random.Block(0)}" : "as given",
            ["validation"] = job.Validate is null ? "none" : $"patience {job.Patience}",
        };
    }

    /// <summary>What differs between two jobs, in words; empty if nothing does.</summary>
    internal static string Difference(IReadOnlyDictionary<string, string> actual, IReadOnlyDictionary<string, string> expected) =>
        string.Join("; ", expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal)
            .Where(key => actual.GetValueOrDefault(key) != expected.GetValueOrDefault(key))
            .Select(key => $"{key} is {actual.GetValueOrDefault(key, "missing")}, expected {expected.GetValueOrDefault(key, "nothing")}"));

    private static string HashOf(IReadOnlyList<TrainingSequence> sequences)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sequence in sequences)
        {
            int[] header = [sequence.TokenIds.Count, sequence.PromptLength, BitConverter.SingleToInt32Bits(sequence.Weight)];
            hash.AppendData(MemoryMarshal.AsBytes<int>(header));
            hash.AppendData(MemoryMarshal.AsBytes<int>(sequence.TokenIds.ToArray()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
