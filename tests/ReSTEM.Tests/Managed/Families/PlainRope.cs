using System.Text.Json.Nodes;

namespace ReSTEM.Tests;

/// <summary>Rotary position embedding with the scalings of <c>transformers</c>: frequencies in float32, as there; angles in double.</summary>
/// <remarks>
/// Su et al. 2021, arXiv:2104.09864, section 3.2.2, in the form that turns element i with element i + half (rotate_half of
/// the modelling files). Scalings: huggingface/transformers, src/transformers/modeling_rope_utils.py.
/// </remarks>
/// <param name="Frequencies">Radians per position, shape [rotated dims / 2].</param>
/// <param name="AttentionFactor">Multiplies cosine and sine.</param>
internal sealed record PlainRope(float[] Frequencies, double AttentionFactor)
{
    /// <summary>What a layer of this type uses for a text of so many tokens.</summary>
    internal static PlainRope Of(PlainConfig config, string layerType, int textLength)
    {
        JsonObject parameters = Parameters(config, layerType);
        double theta = Number(parameters, "rope_theta")!.Value;
        double share = Number(parameters, "partial_rotary_factor") ?? config.NumberOrNull("partial_rotary_factor") ?? 1;
        int dim = (int)(config.HeadDim * share);
        int longest = config.Integer("max_position_embeddings");
        double original = config.NumberOrNull("original_max_position_embeddings")
            ?? Number(parameters, "original_max_position_embeddings") ?? longest;
        string type = (parameters["rope_type"] ?? parameters["type"])?.GetValue<string>() ?? "default";
        if (config.ModelType == "phi3" && type is "su" or "yarn")
        {
            type = "longrope"; // names of the first Phi-3 files
        }

        return type switch
        {
            "default" => new PlainRope(Inverse(Powers(theta, dim)), 1),
            "linear" => Linear(parameters, theta, dim),
            "dynamic" => Dynamic(parameters, theta, dim, longest, textLength),
            "llama3" => Llama3(parameters, theta, dim, original),
            "yarn" => Yarn(parameters, theta, dim, longest, original),
            "longrope" => LongRope(parameters, theta, dim, longest, original, textLength),
            _ => throw new NotSupportedException($"rope_type is {type}, expected default, linear, dynamic, llama3, yarn or longrope."),
        };
    }

    /// <summary>Turns the first dims of every head of one token's queries or keys, [H * Hd], in place; dims after them stay.</summary>
    internal void Turn(double[] heads, int headDim, int position)
    {
        int half = Frequencies.Length;
        for (int start = 0; start < heads.Length; start += headDim)
        {
            for (int i = 0; i < half; i++)
            {
                double angle = position * (double)Frequencies[i];
                double cosine = Math.Cos(angle) * AttentionFactor, sine = Math.Sin(angle) * AttentionFactor;
                double first = heads[start + i], second = heads[start + half + i];
                heads[start + i] = (first * cosine) - (second * sine);
                heads[start + half + i] = (second * cosine) + (first * sine);
            }
        }
    }

    // Files since transformers 5 have rope_parameters, for Gemma 3 one for each layer type; before, rope_theta and rope_scaling.
    // Gemma 3's windowed layers then use rope_local_base_freq and no scaling (Gemma3TextModel, Gemma3TextConfig).
    private static JsonObject Parameters(PlainConfig config, string layerType)
    {
        JsonObject? given = config.Section("rope_parameters");
        bool local = config.ModelType == "gemma3_text" && layerType == "sliding_attention";
        if (config.ModelType == "gemma3_text")
        {
            given = given?[layerType]?.AsObject();
        }

        given ??= local ? null : config.Section("rope_scaling");
        JsonObject parameters = given?.DeepClone().AsObject() ?? [];
        parameters["rope_theta"] ??= config.Number(local ? "rope_local_base_freq" : "rope_theta");
        return parameters;
    }

    private static double? Number(JsonObject parameters, string key) => parameters[key]?.GetValue<double>();

    // theta^(2i / dim), the positions that dimension i takes for one radian.
    private static float[] Powers(double theta, int dim) =>
        [.. Enumerable.Range(0, dim / 2).Select(i => (float)Math.Pow((float)theta, (float)(2 * i) / dim))];

    private static float[] Inverse(float[] powers) => [.. powers.Select(power => 1f / power)];

    // Position interpolation: Chen et al. 2023, arXiv:2306.15595.
    private static PlainRope Linear(JsonObject parameters, double theta, int dim)
    {
        float factor = (float)Number(parameters, "factor")!.Value;
        return new PlainRope([.. Inverse(Powers(theta, dim)).Select(frequency => frequency / factor)], 1);
    }

    // NTK-aware scaling that grows with the text once it is longer than the model's context (_compute_dynamic_ntk_parameters).
    private static PlainRope Dynamic(JsonObject parameters, double theta, int dim, int longest, int textLength)
    {
        double factor = Number(parameters, "factor")!.Value;
        double length = Math.Max(textLength, longest);
        double stretch = (factor * length / longest) - (factor - 1);
        return new PlainRope(Inverse(Powers(theta * Math.Pow(stretch, dim / (dim - 2.0)), dim)), 1);
    }

    // Llama 3.1: long waves are slowed down by the factor, short ones kept, those between mixed (_compute_llama3_parameters).
    private static PlainRope Llama3(JsonObject parameters, double theta, int dim, double original)
    {
        float factor = (float)Number(parameters, "factor")!.Value;
        float low = (float)Number(parameters, "low_freq_factor")!.Value;
        float high = (float)Number(parameters, "high_freq_factor")!.Value;
        float context = (float)original;
        return new PlainRope([.. Inverse(Powers(theta, dim)).Select(Scaled)], 1);

        float Scaled(float frequency)
        {
            float wave = (float)(2 * Math.PI) / frequency;
            float smooth = ((context / wave) - low) / (high - low);
            return wave > context / low ? frequency / factor
                : wave < context / high ? frequency
                : ((1 - smooth) * frequency / factor) + (smooth * frequency);
        }
    }

    // Peng et al. 2023, arXiv:2309.00071, sections 3.2 to 3.4 (_compute_yarn_parameters).
    private static PlainRope Yarn(JsonObject parameters, double theta, int dim, int longest, double original)
    {
        double factor = Number(parameters, "factor") ?? longest / original;
        double fast = Number(parameters, "beta_fast") ?? 32, slow = Number(parameters, "beta_slow") ?? 1;
        bool truncate = parameters["truncate"]?.GetValue<bool>() ?? true;
        double first = DimTurning(fast), last = DimTurning(slow);
        first = Math.Max(truncate ? Math.Floor(first) : first, 0);
        last = Math.Min(truncate ? Math.Ceiling(last) : last, dim - 1);
        last = first == last ? last + 0.001 : last;
        float[] powers = Powers(theta, dim);
        float[] frequencies = new float[powers.Length];
        for (int i = 0; i < frequencies.Length; i++)
        {
            float ramp = Math.Clamp((i - (float)first) / (float)(last - first), 0f, 1f);
            float kept = 1 - ramp;
            frequencies[i] = (1 / ((float)factor * powers[i]) * (1 - kept)) + (1 / powers[i] * kept);
        }

        return new PlainRope(frequencies, Number(parameters, "attention_factor") ?? YarnAttention(parameters, factor));

        // The (real) index of the dimension that makes so many turns over the original context.
        double DimTurning(double turns) => dim * Math.Log(original / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
    }

    private static double YarnAttention(JsonObject parameters, double factor)
    {
        double? scale = Number(parameters, "mscale"), scaleAllDims = Number(parameters, "mscale_all_dim");
        return scale is > 0 && scaleAllDims is > 0 ? Temper(scale.Value) / Temper(scaleAllDims.Value) : Temper(1);

        double Temper(double scale) => factor <= 1 ? 1 : (0.1 * scale * Math.Log(factor)) + 1;
    }

    // Ding et al. 2024, arXiv:2402.13753: a divisor for each dimension, another list beyond the original context
    // (_compute_longrope_parameters).
    private static PlainRope LongRope(
        JsonObject parameters, double theta, int dim, int longest, double original, int textLength)
    {
        float[] powers = Powers(theta, dim);
        JsonArray divisors = parameters[textLength > original ? "long_factor" : "short_factor"]!.AsArray();
        if (divisors.Count != powers.Length)
        {
            throw new InvalidDataException($"longrope has {divisors.Count} factors, expected {powers.Length}.");
        }

        double factor = Number(parameters, "factor") ?? longest / original;
        double attention = factor <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(factor) / Math.Log(original)));
        return new PlainRope(
            [.. powers.Select((power, i) => 1 / ((float)divisors[i]!.GetValue<double>() * power))],
            Number(parameters, "attention_factor") ?? attention);
    }
}
