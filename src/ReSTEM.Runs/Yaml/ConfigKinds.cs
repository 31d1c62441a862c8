using YamlDotNet.RepresentationModel;

namespace ReSTEM.Runs;

/// <summary>What a configuration is for.</summary>
public enum ConfigKind
{
    /// <summary><c>restem run</c>: the self-training loop.</summary>
    Run,

    /// <summary><c>restem train</c>: one training.</summary>
    Train,

    /// <summary><c>restem sweep</c>: several runs of the loop.</summary>
    Sweep,

    /// <summary><c>restem synth</c>: labelled texts from a language model.</summary>
    Synth,

    /// <summary><c>restem compare-data</c>: one classifier, trained on real and on synthetic texts.</summary>
    CompareData,
}

/// <summary>Tells a configuration of one verb from that of another by its keys.</summary>
internal static class ConfigKinds
{
    /// <summary>What the keys are those of; the loop where they do not tell.</summary>
    internal static ConfigKind Of(YamlMappingNode root) => Has(root, "problems") ? ConfigKind.Run
        : Has(root, "overlays") ? ConfigKind.Sweep
        : Has(root, "stages") ? ConfigKind.Train
        : Has(root, "data_prompt") ? ConfigKind.Synth
        : Has(root, "data") && Has(root, "train") ? ConfigKind.CompareData
        : ConfigKind.Run;

    /// <summary>Why a configuration is none of a type; null when it may be one.</summary>
    internal static string? Fault(Type type, YamlMappingNode root) => type switch
    {
        _ when type == typeof(RunConfig) && Of(root) == ConfigKind.Train =>
            "the configuration has stages, which is one of restem train; start it with restem train, or check it with restem check.",
        _ when type != typeof(SweepConfig) && Of(root) == ConfigKind.Sweep =>
            "the configuration has overlays, which is one of restem sweep; start it with restem sweep, or check it with restem check.",
        _ when type != typeof(SynthConfig) && Of(root) == ConfigKind.Synth =>
            "the configuration has a data_prompt, which is one of restem synth; start it with restem synth, or check it with restem check.",
        _ when type != typeof(CompareDataConfig) && Of(root) == ConfigKind.CompareData =>
            "the configuration has train and data, which is one of restem compare-data; start it with restem compare-data, or check it with restem check.",
        _ when type == typeof(CompareDataConfig) && Of(root) != ConfigKind.CompareData && !Has(root, "train") && !Has(root, "data") =>
            $"the configuration has no data, which is one of restem {VerbOf(root)}; restem compare-data takes one with train, data and test.",
        _ when type == typeof(SynthConfig) && Of(root) != ConfigKind.Synth && !Has(root, "generator") =>
            $"the configuration has no data_prompt, which is one of restem {VerbOf(root)}; restem synth takes one with a generator.",
        _ when type == typeof(SweepConfig) && Of(root) != ConfigKind.Sweep && !Has(root, "seeds") =>
            $"the configuration has no overlays, which is one of restem {VerbOf(root)}; a sweep names it as its base.",
        _ when type == typeof(TrainConfig) && !Has(root, "stages") && Has(root, "problems") =>
            "the configuration has problems and no stages, which is one of restem run; start it with restem run.",
        _ => null,
    };

    private static string VerbOf(YamlMappingNode root) => Of(root) is ConfigKind.CompareData ? "compare-data" : Of(root).ToString().ToLowerInvariant();

    private static bool Has(YamlMappingNode root, string key) => root.Children.ContainsKey(new YamlScalarNode(key));
}
