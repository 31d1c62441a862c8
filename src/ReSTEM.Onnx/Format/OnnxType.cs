using ReSTEM.Core;

namespace ReSTEM.Onnx;

/// <summary>Element types, numbered as <c>TensorProto.DataType</c> numbers them.</summary>
internal enum OnnxType
{
    Float = 1,
    UInt8 = 2,
    Int32 = 6,
    Int64 = 7,
    Float16 = 10,
    BFloat16 = 16,
}

/// <summary>Element types of what the project names in its own words.</summary>
internal static class OnnxTypes
{
    /// <summary>Bytes of a number.</summary>
    internal static int Size(this OnnxType type) => type switch
    {
        OnnxType.UInt8 => 1,
        OnnxType.Float16 or OnnxType.BFloat16 => 2,
        OnnxType.Int64 => 8,
        _ => 4,
    };

    /// <summary>Of activations, keys and values.</summary>
    internal static OnnxType Activation(EngineDtype dtype) => dtype switch
    {
        EngineDtype.Float16 => OnnxType.Float16,
        EngineDtype.Bfloat16 => OnnxType.BFloat16,
        _ => OnnxType.Float,
    };

    /// <summary>Of numbers that a safetensors file stores.</summary>
    internal static OnnxType Stored(string dtype) => dtype switch
    {
        "F16" => OnnxType.Float16,
        "BF16" => OnnxType.BFloat16,
        _ => OnnxType.Float,
    };
}
