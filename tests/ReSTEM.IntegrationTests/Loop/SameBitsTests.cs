using System.Security.Cryptography;
using System.Text.Json;

namespace ReSTEM.IntegrationTests;

/// <summary>The determinism contract, on a small run of the shipped quickstart: one seed, one ledger, one set of weights.</summary>
public sealed class SameBitsTests : IClassFixture<SameBitsTests.Uninterrupted>
{
    private static readonly string[] Small =
    [
        "run", Path.Combine(Restem.Root, "configs", "quickstart.yaml"), "--json",
        "--set", "iterations=2", "--set", "problems.train.generate.count=48", "--set", "problems.validation.generate.count=12",
        "--set", "evaluations.test.problems.generate.count=24", "--set", "e_step.samples=4", "--set", "m_step.epochs=2",
    ];

    private readonly string _expected;

    public SameBitsTests(Uninterrupted uninterrupted) => _expected = uninterrupted.Result;

    [Theory]
    [InlineData("1", "64", "1")]
    [InlineData("2", "1", "1")]
    [InlineData("2", "7", "1")]
    [InlineData("1", "7", "0")]
    public void Threads_batch_size_and_vector_width_change_nothing(string threads, string slots, string avx512)
    {
        using var restem = new Restem();
        Assert.Equal(_expected, Finish(
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
        restem.KillAfter(line, TimeSpan.FromMilliseconds(milliseconds), Small);
        Assert.Equal(_expected, Finish(restem, []));
    }

    /// <summary>Runs to the end; gives the ledger's digest and the SHA-256 of every iteration's weights.</summary>
    private static string Finish(Restem restem, (string Name, string Value)[] environment, params string[] more)
    {
        var (exitCode, output, errors) = restem.Run(environment, [.. Small, .. more]);
        Assert.True(exitCode == 0, errors);
        using var summary = JsonDocument.Parse(output);
        string[] weights =
        [
            .. Directory.EnumerateFiles(restem.PathOf("runs", "quickstart", "iterations"), "model.safetensors", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))),
        ];
        Assert.Equal(2, weights.Length);
        return string.Join('\n', [summary.RootElement.GetProperty("digest").GetString()!, .. weights]);
    }

    /// <summary>What an undisturbed run with two threads gives.</summary>
    public sealed class Uninterrupted
    {
        public Uninterrupted()
        {
            using var restem = new Restem();
            Result = Finish(restem, [], "--set", "engine.threads=2");
        }

        internal string Result { get; }
    }
}
