using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>Brings numbers to a device for good.</summary>
internal static class DeviceTensors
{
    /// <summary>
    /// A copy in memory of libtorch's own. Without it a tensor on the processor would be the managed array, which begins at any multiple of 8 bytes: the
    /// products of MKL are the same bits only from memory that begins at a multiple of 64.
    /// </summary>
    /// <param name="values">As many as the shape holds.</param>
    /// <param name="shape">Of the tensor.</param>
    /// <param name="type">What the numbers become.</param>
    /// <param name="device">Where to.</param>
    /// <returns>A tensor that the caller disposes.</returns>
    internal static Tensor Copy(float[] values, long[] shape, ScalarType type, Device device)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        return empty(shape, type, device).copy_(tensor(values, shape)).MoveToOuterDisposeScope().DetachFromDisposeScope();
    }
}
