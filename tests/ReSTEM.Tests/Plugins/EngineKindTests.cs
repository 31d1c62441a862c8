using ReSTEM.Plugins;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>The catalogue of engines.</summary>
public sealed class EngineKindTests
{
    [Fact]
    public void Every_engine_of_configurations_but_the_built_in_one_can_be_installed() =>
        Assert.Equal(EngineNames.All.Except(["managed", "remote"]), EngineKind.All.Select(kind => kind.Name));

    [Fact]
    public void What_is_published_lies_in_the_checkout_and_refers_to_the_engine()
    {
        foreach (EngineKind kind in EngineKind.All)
        {
            Assert.Contains($"{kind.Assembly}.csproj", Repository.Read(kind.Project), StringComparison.Ordinal);
            Assert.Equal(64, EngineSources.Digest(new Checkout(SharedData.RepositoryRoot), kind).Length);
        }

        Assert.Equal(EngineKind.All.Count, EngineKind.All.Select(kind => EngineSources.Digest(new Checkout(SharedData.RepositoryRoot), kind)).Distinct().Count());
    }

    [Fact]
    public void An_engine_of_cards_takes_the_first_one_and_an_engine_of_the_processor_needs_no_library_of_CUDA()
    {
        foreach (EngineKind kind in EngineKind.All)
        {
            bool isOfCards = kind.Name.EndsWith("-cuda", StringComparison.Ordinal);
            Assert.Equal(isOfCards ? ("cuda", "cuda:0") : ("cpu", "cpu"), (kind.Device, kind.DefaultDevice));
            Assert.Equal(isOfCards, kind.CudaMajor > 0);
            Assert.True(isOfCards || kind.SystemLibraries.Count == 0);
            Assert.Equal($"restem engine add {kind.Name}", kind.AddCommand);
            Assert.InRange(kind.InstalledBytes, 1, long.MaxValue);
        }
    }

    [Theory]
    [InlineData("managed")]
    [InlineData("Torch-cpu")]
    [InlineData("torch")]
    [InlineData("")]
    public void Other_names_are_no_engines(string name) => Assert.Null(EngineKind.Named(name));
}
