using ReSTEM.Core;
using ReSTEM.Plugins;

namespace ReSTEM.Tests;

/// <summary>Whether an engine that lies in the checkout can be used, and what is said if it cannot.</summary>
public sealed class EngineInstallationTests : IDisposable
{
    private readonly FakeCheckout _fake = new();

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void None_is_refused_with_the_command_that_installs_it()
    {
        Assert.Equal(EngineState.Absent, _fake.Look().State);
        Assert.Equal("the engine fake-cpu is not installed, expected it to be; install it: restem engine add fake-cpu.", _fake.Refusal());
    }

    [Fact]
    public void One_that_is_whole_is_ready()
    {
        _fake.Install();
        EngineInstallation found = _fake.Look();
        Assert.Equal((EngineState.Ready, "", "stub 1"), (found.State, found.Fault, found.Library));
        found.ThrowUnlessReady();
    }

    [Theory]
    [InlineData("src/Fake/Code.cs", "// other code")]
    [InlineData("src/Fake/More.cs", "// new")]
    [InlineData("src/Fake/Fake.csproj", "<Project></Project>")]
    [InlineData("engines/engine.props", "<Project></Project>")]
    [InlineData("Directory.Packages.props", "<Project />")]
    public void One_of_other_sources_is_refused(string file, string text)
    {
        _fake.Install();
        _fake.Write(file, text);
        Assert.Equal(EngineState.Outdated, _fake.Look().State);
        Assert.StartsWith("the engine fake-cpu was built from other sources of ReSTEM than those that are here", _fake.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_of_others_do_not_matter()
    {
        _fake.Install();
        _fake.Write("src/Other/Code.cs", "// of no engine");
        _fake.Write("engines/other.csproj", "<Project />");
        _fake.Write("README.md", "text");
        Assert.Equal(EngineState.Ready, _fake.Look().State);
    }

    [Fact]
    public void The_folder_of_another_engine_is_not_taken_for_it()
    {
        _fake.Install();
        EngineKind other = FakeCheckout.Kind with { Name = "other-cpu" };
        Directory.Move(_fake.Folder, _fake.Checkout.FolderOf(other));
        EngineInstallation found = EngineInstallation.Look(_fake.Checkout, other, hashes: false);
        Assert.Equal(EngineState.Damaged, found.State);
        Assert.EndsWith("holds the engine fake-cpu", found.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/Fake/Fake.csproj", null, "Fake.csproj is missing, expected it in a checkout of ReSTEM")]
    [InlineData("engines/fake.csproj", null, "fake.csproj is missing, expected it in a checkout of ReSTEM")]
    [InlineData("engines/fake.csproj", "<Project", "fake.csproj is damaged: ")]
    [InlineData("engines/fake.csproj", "", "fake.csproj is damaged: ")]
    [InlineData("engines/fake.csproj", "<Project><ItemGroup><ProjectReference /></ItemGroup></Project>", "fake.csproj is damaged: a ProjectReference has no Include")]
    public void A_checkout_that_lacks_sources_is_named(string file, string? text, string expected)
    {
        _fake.Install();
        File.Delete(_fake.PathOf(file));
        if (text is not null)
        {
            _fake.Write(file, text);
        }

        string message = Assert.Throws<EngineException>(() => _fake.Look()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_checkout_without_projects_of_engines_is_named()
    {
        _fake.Install();
        Directory.Delete(_fake.PathOf("engines"), recursive: true);
        Assert.Contains("fake.csproj is missing, expected it in a checkout", Assert.Throws<EngineException>(() => _fake.Look()).Message, StringComparison.Ordinal);
    }
}
