namespace ReSTEM.Models;

/// <summary>Reads the rotary embedding's keys: <c>rope_theta</c> with <c>rope_scaling</c>, or the newer <c>rope_parameters</c>.</summary>
internal static class RopeConfigReader
{
    private const double DefaultTheta = 10_000;

    internal static (double Theta, RopeScalingConfig? Scaling) Read(ConfigJson json)
    {
        ConfigJson? parameters = json.Object("rope_parameters");
        ConfigJson? scaling = parameters ?? json.Object("rope_scaling");
        double theta = json.Positive("rope_theta", DefaultTheta);
        if (parameters is not null)
        {
            theta = parameters.Positive("rope_theta", theta);
        }

        if (scaling is null)
        {
            return (theta, null);
        }

        string typeKey = scaling.Present("rope_type") is null && scaling.Present("type") is not null ? "type" : "rope_type";
        string type = scaling.Text(typeKey, "default");
        if (type == "llama3")
        {
            return (theta, Llama3(scaling));
        }

        if (type != "default")
        {
            scaling.Fault(typeKey, type, "default or llama3");
        }

        return (theta, null);
    }

    private static RopeScalingConfig Llama3(ConfigJson json)
    {
        var scaling = new RopeScalingConfig(
            json.Positive("factor", null),
            json.Positive("low_freq_factor", null),
            json.Positive("high_freq_factor", null),
            json.Integer("original_max_position_embeddings", 1, 1 << 24));
        if (scaling.HighFrequencyFactor <= scaling.LowFrequencyFactor)
        {
            json.Fault("high_freq_factor", $"{scaling.HighFrequencyFactor}", $"more than low_freq_factor ({scaling.LowFrequencyFactor})");
        }

        return scaling;
    }
}
