namespace ReSTEM.IntegrationTests;

/// <summary>The determinism contract, on a small run of the shipped quickstart: one seed, one ledger, one set of weights.</summary>
public sealed class SameBitsTests
{
    [Theory]
    [InlineData("1", "64", "1")]
    [InlineData("2", "1", "1")]
    [InlineData("2", "7", "1")]
    [InlineData("1", "7", "0")]
    public void Threads_batch_size_and_vector_width_change_nothing(string threads, string slots, string avx512)
    {
        using var restem = new Restem();
        Assert.Equal(SmallRun.OfMathematics.Whole, SmallRun.OfMathematics.Finish(
            restem, [("DOTNET_EnableAVX512", avx512)], "--set", $"engine.threads={threads}", "--set", $"engine.slots={slots}"));
    }

    [Theory]
    [InlineData("1/2 e-step", 0)]
    [InlineData("1/2 e-step", 250)]
    [InlineData("1/2 m-step", 0)]
    [InlineData("1/2 m-step", 400)]
    [InlineData("1/2 evaluate", 30)]
    [InlineData("2/2 e-step", 60)]
    [InlineData("2/2 m-step", 800)]
    public void A_killed_run_goes_on_to_the_same_end(string line, int milliseconds)
    {
        using var restem = new Restem();
        restem.KillAfter(line, TimeSpan.FromMilliseconds(milliseconds), SmallRun.OfMathematics.Arguments);
        Assert.Equal(SmallRun.OfMathematics.Whole, SmallRun.OfMathematics.Finish(restem, []));
    }
}
