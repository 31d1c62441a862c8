namespace ReSTEM.Models;

/// <summary>Turns the keys of a <c>config.json</c> into a configuration, as its family reads them.</summary>
internal static class FamilyConfig
{
    private const int MaxExtent = 1 << 24;

    internal static ModelConfig Parse(ConfigJson json)
    {
        string type = json.Text("model_type", "missing");
        if (DecoderFamilies.Find(type) is not { } family)
        {
            json.Fault("model_type", type, $"one of {string.Join(", ", DecoderFamilies.All)}");
            return Nothing;
        }

        RefuseOtherMathematics(json, family);
        var shape = Shape(json, family);
        var (rope, local, context) = family.HasLearnedPositions
            ? (null, null, shape.ContextLength)
            : RopeConfigReader.Read(json, family, shape.HeadDim, shape.ContextLength);
        var config = shape with
        {
            ContextLength = context,
            Rope = rope,
            LocalRope = local,
            Windows = WindowReader.Read(json, family, shape.LayerCount),
            Activation = ActivationOf(json, family),
            Biases = family.Biases | BiasesOf(json, family),
            AttentionScale = ScaleOf(json, family),
            ScoreCap = Cap(json, "attn_logit_softcapping", family.DefaultSoftcaps?.Scores),
            LogitCap = Cap(json, "final_logit_softcapping", family.DefaultSoftcaps?.Logits),
            TiedEmbeddings = json.Flag("tie_word_embeddings", family.IsTiedByDefault),
            BeginTokenId = json.OptionalInteger("bos_token_id", 0, shape.VocabularySize - 1),
            EndTokenIds = json.TokenIds("eos_token_id", shape.VocabularySize),
        };
        json.RefuseOthers(HarmlessKeys.Contains);
        return config;
    }

    private static ModelConfig Shape(ConfigJson json, DecoderFamily family)
    {
        var keys = family.Keys;
        int modelDim = json.Integer(keys.ModelDim, 1, MaxExtent);
        int headCount = json.Integer(keys.HeadCount, 1, MaxExtent);
        int kvHeadCount = (keys.KvHeadCount is { } kv ? json.OptionalInteger(kv, 1, MaxExtent) : null) ?? headCount;
        int headDim = (keys.HeadDim is { } head ? json.OptionalInteger(head, 2, 1024) ?? family.DefaultHeadDim : null)
            ?? HeadDimOf(json, keys, modelDim, headCount);
        int vocabularySize = json.Integer("vocab_size", 1, MaxExtent);
        int feedForwardDim = keys.FeedForwardRatio is { } ratio
            ? json.OptionalInteger(keys.FeedForwardDim, 1, MaxExtent) ?? Math.Min(MaxExtent, ratio * modelDim)
            : json.Integer(keys.FeedForwardDim, 1, MaxExtent);
        if (headCount % kvHeadCount != 0)
        {
            json.Fault(keys.KvHeadCount!, $"{kvHeadCount}", $"a divisor of {keys.HeadCount} ({headCount})");
        }

        if (headDim % 2 != 0)
        {
            json.Fault(keys.HeadDim ?? keys.ModelDim, $"{headDim}", "an even number");
        }

        if (Math.Max((long)vocabularySize, 2L * feedForwardDim) * modelDim > int.MaxValue || (long)headCount * headDim > MaxExtent)
        {
            json.Fault($"vocab_size * {keys.ModelDim}", $"{(long)vocabularySize * modelDim}", $"at most {int.MaxValue} numbers in a matrix");
        }

        return Nothing with
        {
            Family = family,
            ModelDim = modelDim,
            LayerCount = json.Integer(keys.LayerCount, 1, 1024),
            HeadCount = headCount,
            KvHeadCount = kvHeadCount,
            HeadDim = headDim,
            FeedForwardDim = feedForwardDim,
            VocabularySize = vocabularySize,
            ContextLength = json.Integer(keys.ContextLength, 1, MaxExtent),
            NormEpsilon = (float)json.Positive(keys.Epsilon, family.DefaultEpsilon, most: 1),
        };
    }

    private static int HeadDimOf(ConfigJson json, ConfigKeys keys, int modelDim, int headCount)
    {
        if (modelDim % headCount != 0)
        {
            json.Fault(keys.ModelDim, $"{modelDim}", $"a multiple of {keys.HeadCount} ({headCount}) where head_dim is absent");
        }

        return Math.Max(2, modelDim / headCount);
    }

    private static Activation ActivationOf(ConfigJson json, DecoderFamily family)
    {
        // every key is asked for, so that one which does not count is none that nobody knows
        string[] keys = [.. family.ActivationKeys.Where(key => json.Present(key) is not null)];
        string name = keys.Length > 0 ? json.Text(keys[0], family.DefaultActivation) : family.DefaultActivation;
        switch (name)
        {
            case "silu" or "swish":
                return Activation.Silu;
            case "gelu_pytorch_tanh" or "gelu_new" or "gelu_fast":
            case "gelu" when family == DecoderFamilies.Gemma: // its first files say so, and its models were trained with the other
                return Activation.GeluTanh;
            default:
                json.Fault(keys.Length > 0 ? keys[0] : family.ActivationKeys[0], name, "silu, gelu_pytorch_tanh or gelu_new");
                return Activation.Silu;
        }
    }

    private static ProjectionBiases BiasesOf(ConfigJson json, DecoderFamily family)
    {
        if (!family.HasBiasKeys)
        {
            return ProjectionBiases.None;
        }

        var attention = json.Flag("attention_bias", false) ? ProjectionBiases.QueryKeyValue | ProjectionBiases.Output : default;
        return attention | (json.Flag("mlp_bias", false) ? ProjectionBiases.FeedForward : default);
    }

    private static float ScaleOf(ConfigJson json, DecoderFamily family)
    {
        if (family.HasQueryScalar)
        {
            return (float)(1 / Math.Sqrt(json.Positive("query_pre_attn_scalar", 256)));
        }

        return family.HasLearnedPositions && !json.Flag("scale_attn_weights", true) ? 1 : 0;
    }

    private static float Cap(ConfigJson json, string key, double? absent)
    {
        if (absent is not { } value)
        {
            return 0;
        }

        return json.Has(key) && json.Present(key) is null ? 0 : json.Present(key) is null ? (float)value : (float)json.Positive(key, null);
    }

    private static void RefuseOtherMathematics(ConfigJson json, DecoderFamily family)
    {
        if (json.Present("pretraining_tp") is { } slices && slices.GetRawText() != "1")
        {
            json.Fault("pretraining_tp", ConfigJson.Shown(slices), "1");
        }

        if (!family.HasPartialRotation && json.Present("partial_rotary_factor") is { } share && json.Positive("partial_rotary_factor", 1) != 1)
        {
            json.Fault("partial_rotary_factor", ConfigJson.Shown(share), "1");
        }

        if (json.Object("quantization_config") is { } quantised)
        {
            json.Fault(
                "quantization_config", quantised.Text("quant_method", "present"),
                "none: weights in F32, F16 or BF16; take the checkpoint from which the quantised one was made");
        }
    }

    // Stands in for a configuration whose faults are about to be thrown.
    private static ModelConfig Nothing { get; } = new()
    {
        Family = DecoderFamilies.Llama,
        ModelDim = 1,
        LayerCount = 1,
        HeadCount = 1,
        KvHeadCount = 1,
        HeadDim = 2,
        FeedForwardDim = 1,
        VocabularySize = 1,
        ContextLength = 1,
        NormEpsilon = 1,
        Rope = null,
        TiedEmbeddings = true,
    };
}
