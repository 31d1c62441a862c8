namespace ReSTEM.Numerics;

/// <summary>Assembles a kernel if it can be used here.</summary>
internal static class KernelTrial
{
    /// <summary>Null if it can; else why not, for people.</summary>
    /// <param name="isSupported">Whether the processor has the instructions, and they are not switched off.</param>
    /// <param name="make">Assembles it.</param>
    /// <param name="difference">Null if all its bits are those they should be; else where they are not.</param>
    /// <param name="kernel">In executable memory, if it can be used.</param>
    internal static string? Refusal<TKernel>(bool isSupported, Func<TKernel> make, Func<TKernel, string?> difference, out TKernel? kernel)
        where TKernel : AssembledCode
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
            : difference(kernel) is { } found ? $"its bits are not those they should be: {found}"
            : null;
    }

    /// <summary>A kernel and why no faster one could be used, for people.</summary>
    internal static string Describe(string name, List<string> reasons) =>
        reasons.Count == 0 ? name : $"{name} ({string.Join("; ", reasons)})";
}
