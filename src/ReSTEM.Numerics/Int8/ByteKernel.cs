namespace ReSTEM.Numerics;

/// <summary>The one place that chooses how int8 products are computed here. The choice changes no bit of a result.</summary>
public static class ByteKernel
{
    private static readonly Lazy<(IByteKernel Kernel, string Description)> Choice = new(Choose);

    /// <summary>What computes the products here, and why nothing faster does; for people.</summary>
    public static string Description => Choice.Value.Description;

    internal static IByteKernel Chosen => Choice.Value.Kernel;

    private static (IByteKernel Kernel, string Description) Choose()
    {
        if (KernelTrial.Refusal(VnniKernel.IsSupported, static () => new VnniKernel(), ByteKernelCheck.Difference, out var kernel) is not { } refusal)
        {
            return (kernel!, kernel!.Name);
        }

        var portable = new PortableByteKernel();
        return (portable, KernelTrial.Describe(portable.Name, [$"no 512-bit VPDPBUSD: {refusal}"]));
    }
}
