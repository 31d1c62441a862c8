using ReSTEM.Arithmetic;

namespace ReSTEM.Models;

/// <summary>Reads the rotary embedding's keys: <c>rope_theta</c> with <c>rope_scaling</c>, or the newer <c>rope_parameters</c>.</summary>
internal static class RopeConfigReader
{
    private const string Supported = "default, llama3, linear, dynamic, yarn or longrope";
    private const int MaxContext = 1 << 24;

    /// <summary>The rotation of most layers, that of windowed ones where it is another, and the context that they reach.</summary>
    internal static (RopeConfig Rope, RopeConfig? Local, int ContextLength) Read(ConfigJson json, DecoderFamily family, int headDim, int context)
    {
        json.Present("original_max_position_embeddings"); // published files have it beside longrope, and without any scaling
        ConfigJson? parameters = json.Object("rope_parameters");
        ConfigJson? full = parameters?.Object("full_attention");
        double theta = json.Positive("rope_theta", family.DefaultTheta);
        var (rope, reach) = One(json, full ?? parameters ?? json.Object("rope_scaling"), family, theta, headDim, context);
        if (family.DefaultLocalTheta is not { } localTheta)
        {
            return (rope, null, reach);
        }

        double own = json.Positive("rope_local_base_freq", localTheta);
        var local = parameters?.Object("sliding_attention");
        return (rope, One(json, local, family, own, headDim, context).Rope, reach);
    }

    private static (RopeConfig Rope, int Context) One(
        ConfigJson json, ConfigJson? scaling, DecoderFamily family, double theta, int headDim, int context)
    {
        theta = scaling?.Positive("rope_theta", theta) ?? theta;
        int dim = family.HasPartialRotation ? DimOf(json, scaling, headDim) : headDim;
        if (scaling is null)
        {
            return (new RopeConfig(theta, dim), context);
        }

        string typeKey = scaling.Present("rope_type") is null && scaling.Present("type") is not null ? "type" : "rope_type";
        string type = scaling.Text(typeKey, "default");
        if (scaling.Text("type", type) is var older && older != type) // older files have both
        {
            scaling.Fault("type", older, $"{type}, as rope_type says");
        }

        type = type is "su" || (type is "yarn" && scaling.Present("short_factor") is not null) ? "longrope" : type; // its first names
        int original = (type is "longrope" ? json.OptionalInteger("original_max_position_embeddings", 1, MaxContext) : null)
            ?? scaling.OptionalInteger("original_max_position_embeddings", 1, MaxContext) ?? context;
        var (rope, reach) = OfType(scaling, typeKey, type, new RopeConfig(theta, dim), original, context);
        scaling.RefuseOthers(static _ => false);
        return (rope, reach);
    }

    private static (RopeConfig Rope, int Context) OfType(
        ConfigJson scaling, string typeKey, string type, RopeConfig plain, int original, int context)
    {
        switch (type)
        {
            case "default":
                return (plain, context);
            case "dynamic": // begins to stretch beyond the context, which is not left here
                scaling.Positive("factor", null);
                return (plain, context);
            case "linear":
                return (plain with { Scaling = new LinearRopeScaling(scaling.Positive("factor", null)) }, context);
            case "llama3":
                return (plain with { Scaling = Llama3(scaling) }, context);
            case "yarn":
                return (plain with { Scaling = Yarn(scaling, original, context) }, context);
            case "longrope":
                return (plain with { Scaling = Long(scaling, plain.Dim, original, context) }, Math.Min(original, context));
            default:
                scaling.Fault(typeKey, type, Supported);
                return (plain, context);
        }
    }

    private static int DimOf(ConfigJson json, ConfigJson? scaling, int headDim)
    {
        double share = json.Positive("partial_rotary_factor", 1);
        share = scaling?.Positive("partial_rotary_factor", share) ?? share;
        int dim = (int)(headDim * share);
        if (share > 1 || dim < 2 || dim % 2 != 0)
        {
            json.Fault("partial_rotary_factor", $"{share}", $"a share of head_dim ({headDim}) that gives an even count");
            return headDim;
        }

        return dim;
    }

    private static Llama3RopeScaling Llama3(ConfigJson json)
    {
        var scaling = new Llama3RopeScaling(
            json.Positive("factor", null),
            json.Positive("low_freq_factor", null),
            json.Positive("high_freq_factor", null),
            json.Integer("original_max_position_embeddings", 1, MaxContext));
        if (scaling.HighFrequencyFactor <= scaling.LowFrequencyFactor)
        {
            json.Fault("high_freq_factor", $"{scaling.HighFrequencyFactor}", $"more than low_freq_factor ({scaling.LowFrequencyFactor})");
        }

        return scaling;
    }

    private static YarnRopeScaling Yarn(ConfigJson json, int original, int context)
    {
        double factor = json.Positive("factor", null);
        if (json.Present("original_max_position_embeddings") is not null && Math.Abs(factor - ((double)context / original)) > 1e-6 * factor)
        {
            // Readers disagree about which of the two counts, so that neither is taken for granted.
            json.Fault(
                "factor", $"{factor}",
                $"max_position_embeddings / original_max_position_embeddings ({context} / {original} = {(double)context / original})");
        }

        double scale = json.Positive("mscale", 0), scaleOfAll = json.Positive("mscale_all_dim", 0);
        double attention = scale > 0 && scaleOfAll > 0 ? Sharpening(factor, scale) / Sharpening(factor, scaleOfAll) : Sharpening(factor, 1);
        return new YarnRopeScaling(
            factor, original, json.Positive("beta_fast", 32), json.Positive("beta_slow", 1),
            json.Positive("attention_factor", attention), json.Flag("truncate", true));
    }

    /// <summary>Peng et al. 2023, arXiv:2309.00071, equation 22, with a weight on the logarithm.</summary>
    private static double Sharpening(double factor, double weight) => factor <= 1 ? 1 : (0.1 * weight * Elementary.Log(factor)) + 1;

    private static LongRopeScaling Long(ConfigJson json, int dim, int original, int context)
    {
        double factor = json.Positive("factor", (double)context / original);
        double attention = factor <= 1 ? 1 : Math.Sqrt(1 + (Elementary.Log(factor) / Elementary.Log(original)));
        json.Numbers("long_factor", dim / 2); // for texts beyond the first context, which is not left here
        return new LongRopeScaling(json.Numbers("short_factor", dim / 2), json.Positive("attention_factor", attention));
    }
}
