namespace ReSTEM.Numerics;

/// <summary>The one place that chooses how bfloat16 products are computed here. The choice changes no bit of a result.</summary>
public static class BfloatKernel
{
    private static readonly Lazy<(PairKernel Kernel, string Description)> Choice = new(Choose);

    /// <summary>What computes the products here, and why nothing faster does; for people.</summary>
    public static string Description => Choice.Value.Description;

    internal static PairKernel Chosen => Choice.Value.Kernel;

    private static (PairKernel Kernel, string Description) Choose()
    {
        var reasons = new List<string>();
        foreach (var (name, isSupported, make) in new (string, bool, Func<AssembledKernel>)[]
        {
            ("VDPBF16PS", DotKernel.IsSupported, static () => new DotKernel()),
            ("256-bit multiply-adds", FusedKernel.IsSupported, static () => new FusedKernel()),
        })
        {
            if (Refusal(isSupported, make, out var kernel) is not { } refusal)
            {
                return (kernel!, Describe(name, reasons));
            }

            reasons.Add($"no {name}: {refusal}");
        }

        var portable = new PortableKernel();
        return (portable, Describe(portable.Name, reasons));
    }

    private static string? Refusal(bool isSupported, Func<AssembledKernel> make, out AssembledKernel? kernel)
    {
        kernel = null;
        if (!ExecutableMemory.IsSupported)
        {
            return "this system is not Linux";
        }

        if (!isSupported)
        {
            return "the processor has it not, or it is switched off";
        }

        kernel = make();
        return !kernel.TryPlace() ? "the system forbids memory that is written, then executed"
            : KernelCheck.Difference(kernel) is { } difference ? $"its bits are not those they should be: {difference}"
            : null;
    }

    private static string Describe(string name, List<string> reasons) =>
        reasons.Count == 0 ? name : $"{name} ({string.Join("; ", reasons)})";
}
