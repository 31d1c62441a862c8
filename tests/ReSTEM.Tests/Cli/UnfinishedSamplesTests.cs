using ReSTEM.Cli;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>What an interrupted <c>restem sample</c> leaves, and what the same command makes of it.</summary>
public sealed class UnfinishedSamplesTests : IDisposable
{
    private static readonly RunIdentity Draw = RunIdentity.Empty.With("seed", "1");

    private readonly ScratchFolder _scratch = new();

    private string Output => _scratch.File("samples.jsonl");

    private string Left => Output + ".unfinished";

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Samples_outlive_the_process_and_come_back_in_order()
    {
        using (var drawn = UnfinishedSamples.Open(Output, Draw))
        {
            drawn.Add(10, 0, "{\"text\":\"c\"}");
            drawn.Add(2, 1, "{\"text\":\"b\u00e9\"}");
        }

        using var again = UnfinishedSamples.Open(Output, Draw);
        Assert.True(again.Has(2, 1) && again.Has(10, 0) && !again.Has(2, 0));
        again.Add(2, 0, "{\"text\":\"a\"}");
        Assert.Equal(["{\"text\":\"a\"}", "{\"text\":\"b\u00e9\"}", "{\"text\":\"c\"}"], again.InOrder());
        again.Delete();
        Assert.Empty(Directory.GetFiles(_scratch.Path));
    }

    [Theory]
    [InlineData("3 0 {\"text\":\"cu")]
    [InlineData("3 0 {\"text\":\"\0\0\0\0\n4 0 {}\n")]
    [InlineData("\0\0\0\0\0\0\n")]
    public void What_a_power_cut_left_of_a_line_is_drawn_again(string damage)
    {
        using (var drawn = UnfinishedSamples.Open(Output, Draw))
        {
            drawn.Add(0, 0, "{\"text\":\"a\"}");
        }

        File.AppendAllText(Left, damage);
        using (var again = UnfinishedSamples.Open(Output, Draw))
        {
            Assert.Equal(1, again.Count);
            again.Add(1, 0, "{\"text\":\"b\"}");
            Assert.Equal(["{\"text\":\"a\"}", "{\"text\":\"b\"}"], again.InOrder());
        }

        using var third = UnfinishedSamples.Open(Output, Draw); // what came after the damage is in a file without it
        Assert.Equal(["{\"text\":\"a\"}", "{\"text\":\"b\"}"], third.InOrder());
    }

    [Fact]
    public void Other_draws_other_files_and_second_processes_are_refused()
    {
        using (var drawn = UnfinishedSamples.Open(Output, Draw))
        {
            drawn.Add(0, 0, "{}");
            Assert.Contains("Is the same command running?", Refusal(Draw), StringComparison.Ordinal);
        }

        Assert.Contains("seed is 2, expected 1. Give the same settings to go on with it, or delete it", Refusal(RunIdentity.Empty.With("seed", "2")), StringComparison.Ordinal);
        File.WriteAllText(Left, "my notes\n");
        Assert.Contains("is not what an interrupted `restem sample` leaves", Refusal(Draw), StringComparison.Ordinal);
        Assert.Equal("my notes\n", File.ReadAllText(Left));
    }

    [Fact]
    public void Nothing_stays_of_a_draw_without_samples()
    {
        UnfinishedSamples.Open(Output, Draw).Dispose();
        Assert.False(File.Exists(Left));
    }

    private string Refusal(RunIdentity identity) => Assert.Throws<UsageException>(() => UnfinishedSamples.Open(Output, identity)).Message;
}
