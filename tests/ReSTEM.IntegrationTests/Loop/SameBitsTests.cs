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
        Assert.Equal(SmallRun.Smallest.Whole, SmallRun.Smallest.Finish(
            restem, avx512 == "1" ? [] : [("DOTNET_EnableAVX512", avx512)], "--set", $"engine.threads={threads}", "--set", $"engine.slots={slots}"));
    }

    [Fact]
    public void A_run_killed_again_and_again_goes_on_to_the_same_end()
    {
        (string Line, int Milliseconds)[] kills =
        [
            ("1/2 e-step", 250), ("1/2 m-step", 0), ("1/2 m-step", 400), ("1/2 evaluate", 30), ("2/2 e-step", 60),
        ];
        using var restem = new Restem();
        restem.KillAfterEach(kills, SmallRun.Smallest.Arguments);
        Assert.Equal(SmallRun.Smallest.Whole, SmallRun.Smallest.Finish(restem, []));
    }
}
