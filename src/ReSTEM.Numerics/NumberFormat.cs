namespace ReSTEM.Numerics;

/// <summary>Numbers that a matrix multiplies; sums are float32 in every format.</summary>
public enum NumberFormat
{
    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>The upper half of a float32: eight bits of precision and all of its range.</summary>
    Bfloat16,

    /// <summary>Integers of -127 to 127, with a scale for each output of the weights and for each group of 128 inputs of a row. For products alone.</summary>
    Int8,
}
