namespace ReSTEM.Models;

/// <summary>The families that are computed.</summary>
public static class DecoderFamilies
{
    /// <summary>Llama 1 to 3, SmolLM, and everything with their layers.</summary>
    public static DecoderFamily Llama { get; } = new() { ModelType = "llama", ClassName = "LlamaForCausalLM", HasBiasKeys = true };

    /// <summary>Llama's layers, each position seeing a window.</summary>
    public static DecoderFamily Mistral { get; } = new()
    {
        ModelType = "mistral",
        ClassName = "MistralForCausalLM",
        Windows = WindowRule.All,
        DefaultWindow = 4096,
    };

    /// <summary>Qwen2 and 2.5: Llama's layers with biases on query, key and value.</summary>
    public static DecoderFamily Qwen2 { get; } = new()
    {
        ModelType = "qwen2",
        ClassName = "Qwen2ForCausalLM",
        Biases = ProjectionBiases.QueryKeyValue,
        Windows = WindowRule.Last,
        DefaultWindow = 4096,
    };

    /// <summary>Normalises each query and key head.</summary>
    public static DecoderFamily Qwen3 { get; } = new()
    {
        ModelType = "qwen3",
        ClassName = "Qwen3ForCausalLM",
        HasBiasKeys = true,
        QueryKeyNorm = QueryKeyNorm.PerHead,
        DefaultHeadDim = 128,
        Windows = WindowRule.Last,
        DefaultWindow = 4096,
    };

    /// <summary>The first Gemma (Gemma team 2024, arXiv:2403.08295).</summary>
    public static DecoderFamily Gemma { get; } = new()
    {
        ModelType = "gemma",
        ClassName = "GemmaForCausalLM",
        HasBiasKeys = true,
        GainOffset = 1,
        ScalesEmbeddings = true,
        ActivationKeys = ["hidden_activation", "hidden_act"],
        DefaultActivation = "gelu_pytorch_tanh",
        IsTiedByDefault = true,
        DefaultHeadDim = 256,
    };

    /// <summary>Norms around each part, capped scores and logits, every second layer a window (arXiv:2408.00118).</summary>
    public static DecoderFamily Gemma2 { get; } = Gemma with
    {
        ModelType = "gemma2",
        ClassName = "Gemma2ForCausalLM",
        NormPlacement = NormPlacement.Around,
        Names = TensorNames.Gemma2,
        HasQueryScalar = true,
        DefaultSoftcaps = (50, 30),
        Windows = WindowRule.Alternating,
        DefaultWindow = 4096,
    };

    /// <summary>Normalised heads; five of six layers see a window and have a rotation of their own (arXiv:2503.19786).</summary>
    public static DecoderFamily Gemma3 { get; } = Gemma2 with
    {
        ModelType = "gemma3_text",
        ClassName = "Gemma3ForCausalLM",
        QueryKeyNorm = QueryKeyNorm.PerHead,
        DefaultSoftcaps = (0, 0),
        Windows = WindowRule.AllButEvery,
        DefaultTheta = 1_000_000,
        DefaultLocalTheta = 10_000,
    };

    /// <summary>Stores query, key and value as one tensor, gate and up-projection as another (arXiv:2404.14219).</summary>
    public static DecoderFamily Phi3 { get; } = new()
    {
        ModelType = "phi3",
        ClassName = "Phi3ForCausalLM",
        Names = TensorNames.Phi3,
        DefaultEpsilon = 1e-5,
        Windows = WindowRule.All,
        HasPartialRotation = true,
    };

    /// <summary>Norms after each part, and over all query and all key heads of a token (arXiv:2501.00656).</summary>
    public static DecoderFamily Olmo2 { get; } = new()
    {
        ModelType = "olmo2",
        ClassName = "Olmo2ForCausalLM",
        HasBiasKeys = true,
        NormPlacement = NormPlacement.After,
        QueryKeyNorm = QueryKeyNorm.Whole,
        Names = TensorNames.Olmo2,
        DefaultEpsilon = 1e-5,
    };

    /// <summary>Learned positions, layer norms, an ungated feed-forward layer, matrices stored [in, out] (Radford et al. 2019).</summary>
    public static DecoderFamily Gpt2 { get; } = new()
    {
        ModelType = "gpt2",
        ClassName = "GPT2LMHeadModel",
        Norm = NormKind.Layer,
        IsGated = false,
        HasLearnedPositions = true,
        Biases = ProjectionBiases.QueryKeyValue | ProjectionBiases.Output | ProjectionBiases.FeedForward,
        Keys = ConfigKeys.Gpt2,
        Names = TensorNames.Gpt2,
        ActivationKeys = ["activation_function"],
        DefaultActivation = "gelu_new",
        IsTiedByDefault = true,
        DefaultEpsilon = 1e-5,
    };

    /// <summary>Every family, in the order of the documentation.</summary>
    public static IReadOnlyList<DecoderFamily> All { get; } =
        [Llama, Mistral, Qwen2, Qwen3, Gemma, Gemma2, Gemma3, Phi3, Olmo2, Gpt2];

    /// <summary>The family of a <c>model_type</c>; null for one that is not computed.</summary>
    public static DecoderFamily? Find(string modelType) => All.FirstOrDefault(family => family.ModelType == modelType);
}
