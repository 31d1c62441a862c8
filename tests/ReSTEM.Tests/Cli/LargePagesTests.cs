using ReSTEM.Cli;

namespace ReSTEM.Tests;

public sealed class LargePagesTests
{
    /// <summary>Texts as the kernel's documentation has them (admin-guide/mm/transhuge).</summary>
    [Theory]
    [InlineData("[always] madvise never\n", "2 MiB for weights")]
    [InlineData("always [madvise] never\n", "2 MiB for weights")]
    [InlineData("always madvise [never]\n", "As root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled")]
    [InlineData(null, "has no transparent huge pages")]
    public void Doctor_tells_what_pages_the_engine_gets_and_how_to_get_large_ones(string? setting, string expected) =>
        Assert.Contains(expected, LargePages.Describe(setting), StringComparison.Ordinal);
}
