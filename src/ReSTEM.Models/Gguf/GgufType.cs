namespace ReSTEM.Models;

/// <summary>The type of the numbers in a GGUF file's matrices; vectors are always F32.</summary>
public enum GgufType
{
    /// <summary>IEEE single precision.</summary>
    F32 = 0,

    /// <summary>IEEE half precision.</summary>
    F16 = 1,

    /// <summary>Blocks of 32 numbers of 8 bits with a common factor in half precision; rows that are no multiple of 32 stay F16.</summary>
    Q8 = 8,

    /// <summary>The upper half of single precision.</summary>
    BF16 = 30,
}
