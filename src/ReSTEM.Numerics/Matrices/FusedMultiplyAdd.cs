using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ReSTEM.Numerics;

/// <summary>Whether the processor has the operation that all chains are made of; the bits are the same without, the time is not.</summary>
internal static class FusedMultiplyAdd
{
    /// <summary>False where each one is a call of the C library.</summary>
    internal static bool IsHardwareAccelerated => Fma.IsSupported || AdvSimd.IsSupported;
}
