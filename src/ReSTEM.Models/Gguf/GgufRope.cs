using ReSTEM.Arithmetic;

namespace ReSTEM.Models;

/// <summary>The rotary embedding as GGUF has it: some scalings are keys, others a tensor of factors.</summary>
internal static class GgufRope
{
    private const double UsualBetaFast = 32, UsualBetaSlow = 1;

    /// <summary>Refuses what the architecture has no place for.</summary>
    internal static void Check(ModelConfig config, List<string> faults)
    {
        var architecture = GgufArchitecture.For(config.Family);
        var scaling = config.Rope?.Scaling;
        if (scaling is Llama3RopeScaling or LongRopeScaling && architecture.RopeFactors.Length == 0)
        {
            string type = scaling is Llama3RopeScaling ? "llama3" : "longrope";
            faults.Add($"rope_type is {type}, expected default, linear or yarn: {architecture.Name} has no factors for single wavelengths");
        }

        if (scaling is YarnRopeScaling { Truncates: false })
        {
            faults.Add("truncate is false, expected true");
        }

        if (scaling is YarnRopeScaling { BetaFast: var fast, BetaSlow: var slow } && (fast, slow) != (UsualBetaFast, UsualBetaSlow))
        {
            faults.Add($"beta_fast and beta_slow are {fast} and {slow}, expected {UsualBetaFast} and {UsualBetaSlow}, which it takes whatever a file says");
        }

        if (config.LocalRope is { Scaling: not null } || (config.LocalRope is not null && scaling is YarnRopeScaling))
        {
            faults.Add("rope_parameters scale windowed layers, expected linear scaling of the others only");
        }
    }

    internal static void Describe(RopeConfig rope, ModelConfig config, string prefix, GgufMetadata metadata)
    {
        metadata.Add($"{prefix}.rope.freq_base", (float)rope.Theta);
        metadata.Add($"{prefix}.rope.dimension_count", rope.Dim);
        switch (rope.Scaling)
        {
            case LinearRopeScaling linear:
                metadata.Add($"{prefix}.rope.scaling.type", "linear");
                metadata.Add($"{prefix}.rope.scaling.factor", (float)linear.Factor);
                break;
            case YarnRopeScaling yarn:
                metadata.Add($"{prefix}.rope.scaling.type", "yarn");
                metadata.Add($"{prefix}.rope.scaling.factor", (float)yarn.Factor);
                metadata.Add($"{prefix}.rope.scaling.original_context_length", yarn.OriginalContextLength);

                // there the factor comes on top of the one of Peng et al. 2023, arXiv:2309.00071, equation 22
                double usual = yarn.Factor <= 1 ? 1 : (0.1 * Elementary.Log(yarn.Factor)) + 1;
                metadata.Add($"{prefix}.rope.scaling.attn_factor", (float)(yarn.AttentionFactor / usual));
                break;
            case LongRopeScaling longRope:
                metadata.Add($"{prefix}.rope.scaling.original_context_length", config.ContextLength);
                metadata.Add($"{prefix}.rope.scaling.attn_factor", (float)longRope.AttentionFactor);
                break;
        }
    }

    /// <summary>A factor for each wavelength, where the scaling is not one of the keys.</summary>
    internal static IEnumerable<GgufTensor> Factors(ModelConfig config)
    {
        float[]? factors = config.Rope switch
        {
            { Scaling: Llama3RopeScaling llama3 } rope => Llama3(rope, llama3),
            { Scaling: LongRopeScaling longRope } => [.. longRope.Factors.Select(factor => (float)factor)],
            _ => null,
        };
        return factors is null ? [] : GgufArchitecture.For(config.Family).RopeFactors.Select(name =>
            new GgufTensor($"{name}.weight", [factors.Length], GgufType.F32, take => take(factors)));
    }

    /// <remarks>Llama team 2024, arXiv:2407.21783, section 3.4: long wavelengths in full, short ones not at all, between them by degrees.</remarks>
    private static float[] Llama3(RopeConfig rope, Llama3RopeScaling scaling)
    {
        float[] factors = new float[rope.Dim / 2];
        for (int pair = 0; pair < factors.Length; pair++)
        {
            double wavelength = 2 * Math.PI * Elementary.Pow(rope.Theta, 2.0 * pair / rope.Dim);
            double turns = scaling.OriginalContextLength / wavelength;
            double share = Math.Clamp(
                (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor), 0, 1);
            factors[pair] = (float)(1 / (((1 - share) / scaling.Factor) + share));
        }

        return factors;
    }
}
