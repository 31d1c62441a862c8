namespace ReSTEM.Numerics;

/// <summary>The one place that chooses how bfloat16 products are computed here. The choice changes no bit of a result.</summary>
public static class BfloatKernel
{
    private const double LeastGain = 1.1; // of what differs in nothing but speed

    private static readonly Lazy<(IPairKernel Kernel, string Description)> Choice = new(Choose);

    /// <summary>What computes the products here, and why nothing faster does; for people.</summary>
    public static string Description => Choice.Value.Description;

    internal static IPairKernel Chosen => Choice.Value.Kernel;

    private static (IPairKernel Kernel, string Description) Choose()
    {
        var reasons = new List<string>();
        foreach (var (name, isSupported, make) in new (string, bool, Func<AssembledPairKernel>)[]
        {
            ("VDPBF16PS", DotKernel.IsSupported, static () => new DotKernel()),
            ("512-bit multiply-adds", WideKernel.IsSupported, static () => new WideKernel()),
            ("256-bit multiply-adds", FusedKernel.IsSupported, static () => new FusedKernel()),
        })
        {
            if (KernelTrial.Refusal(isSupported, make, KernelCheck.Difference, out var kernel) is not { } refusal)
            {
                return kernel is DotKernel && Faster(kernel) is { } faster
                    ? (faster, $"{faster.Name} (VDPBF16PS is slower here)")
                    : (kernel!, KernelTrial.Describe(name, reasons));
            }

            reasons.Add($"no {name}: {refusal}");
        }

        var portable = new PortableKernel();
        return (portable, KernelTrial.Describe(portable.Name, reasons));
    }

    /// <summary>Multiply-adds where they take less time than the processor's own instruction, as on processors that have one unit for it and two for those.</summary>
    private static WideKernel? Faster(AssembledPairKernel dot)
    {
        var wide = new WideKernel();
        return wide.TryPlace() && KernelCheck.Difference(wide) is null && KernelCheck.Seconds(wide) * LeastGain < KernelCheck.Seconds(dot) ? wide : null;
    }
}
