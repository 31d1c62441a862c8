using ReSTEM.Sandbox;

namespace ReSTEM.Tests.Sandbox;

public sealed class CpuLimitTests
{
    // 10 ms is the nominal time of the fixed work; steps of a twentieth, upwards.
    [Theory]
    [InlineData(1_000, 1)]
    [InlineData(10_000, 1)]
    [InlineData(10_001, 1.05)]
    [InlineData(40_000, 4)]
    [InlineData(9_000_000, 32)]
    public void A_slower_machine_has_a_larger_factor_and_none_one_below_1(double microseconds, double factor) =>
        Assert.Equal(factor, MachineFactor.Of(microseconds));

    [Fact]
    public void Limits_of_CPU_time_are_multiplied_by_the_factor()
    {
        var limits = new SandboxLimits { CpuSeconds = 5, MachineFactor = 2 };
        Assert.Equal(TimeSpan.FromSeconds(10), limits.UserTime);
        Assert.Equal(TimeSpan.FromSeconds(120), limits.KernelTime);
        Assert.Equal(4 * TimeSpan.FromSeconds(130), limits.LongestWall); // longer than twenty times 10 s
    }

    // 10 times the reference, rounded up to seconds, up to 60, and only above the usual 5.
    [Theory]
    [InlineData(0.4, 1, null)]
    [InlineData(0.5, 1, null)]
    [InlineData(0.51, 1, 6)]
    [InlineData(2, 1, 20)]
    [InlineData(2, 4, null)]
    [InlineData(8, 4, 20)]
    [InlineData(50, 1, 60)]
    public void A_reference_raises_the_limit_by_its_time_on_the_nominal_machine(double seconds, double factor, int? expected) =>
        Assert.Equal(expected, ReferenceLimits.Raise(new SandboxLimits { MachineFactor = factor }, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Without_a_factor_no_reference_raises_anything() =>
        Assert.Null(ReferenceLimits.Raise(new SandboxLimits { ReferenceFactor = 0 }, TimeSpan.FromSeconds(50)));
}
