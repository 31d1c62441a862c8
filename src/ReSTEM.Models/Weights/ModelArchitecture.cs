namespace ReSTEM.Models;

/// <summary>Families of decoders that the engine computes.</summary>
public enum ModelArchitecture
{
    /// <summary>Llama 1 to 3 and everything with its layers (<c>model_type: llama</c>): no biases.</summary>
    Llama,

    /// <summary>Qwen2 and 2.5 (<c>model_type: qwen2</c>): Llama's layers with biases on query, key and value.</summary>
    Qwen2,
}
