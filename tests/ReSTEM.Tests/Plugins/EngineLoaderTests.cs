using ReSTEM.Core;
using ReSTEM.Plugins;

namespace ReSTEM.Tests;

/// <summary>Loading what lies in an engine's folder: an engine, or one line that says why not.</summary>
public sealed class EngineLoaderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string AssemblyFile => _scratch.File("ReSTEM.Torch.dll");

    [Fact]
    public void An_engine_is_loaded_with_the_types_of_the_program()
    {
        FakeCheckout.Build(_scratch.Path);
        IEnginePlugin plugin = EngineLoader.Load(FakeCheckout.Kind, _scratch.Path);
        Assert.Equal("cpu", Assert.Single(plugin.Devices).Name);
        Assert.Equal("fake-cpu", plugin.Open(new EngineSettings()).Fingerprint.Name);
        Assert.NotSame(plugin.GetType().Assembly, EngineLoader.Load(FakeCheckout.Kind, _scratch.Path).GetType().Assembly); // engines never meet
    }

    [Fact]
    public void A_folder_that_is_missing_or_empty_is_damaged()
    {
        Refused("does not load");
        Directory.Delete(_scratch.Path);
        Refused("does not load");
        Directory.CreateDirectory(_scratch.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no assembly")]
    [InlineData("MZ")]
    public void What_is_no_assembly_is_damaged(string text)
    {
        File.WriteAllText(AssemblyFile, text);
        Refused("does not load");
    }

    [Fact]
    public void An_assembly_that_is_cut_short_is_damaged()
    {
        FakeCheckout.Build(_scratch.Path);
        byte[] whole = File.ReadAllBytes(AssemblyFile);
        foreach (int length in new[] { 1, 64, 200, 512, 1024, whole.Length / 2 })
        {
            File.Delete(AssemblyFile); // what is mapped must not be written to
            File.WriteAllBytes(AssemblyFile, whole[..length]);
            Refused("does not load");
        }
    }

    [Fact]
    public void An_assembly_of_another_name_is_damaged()
    {
        File.Copy(typeof(EngineLoader).Assembly.Location, AssemblyFile);
        Refused("does not load");
    }

    [Fact]
    public void An_engine_that_was_built_for_another_contract_is_damaged()
    {
        EmittedPlugin.Write(_scratch.Path, module => EmittedPlugin.DefineOverFormer(module, "ReSTEM.Core"));
        Refused("ReSTEM.Core.FormerContract");
    }

    [Fact]
    public void An_engine_whose_library_is_missing_is_damaged()
    {
        EmittedPlugin.Write(_scratch.Path, module => EmittedPlugin.DefineOverFormer(module, "Library.That.Is.Lost"));
        Refused("Library.That.Is.Lost");
    }

    [Fact]
    public void An_engine_with_another_constructor_is_damaged()
    {
        EmittedPlugin.Write(_scratch.Path, module => EmittedPlugin.DefinePlugin(module, "Plugin", constructor: null));
        Refused("does not load");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_assembly_without_one_engine_is_refused(int count)
    {
        EmittedPlugin.Write(_scratch.Path, module =>
        {
            module.DefineType("Other", System.Reflection.TypeAttributes.Public).CreateType();
            for (int index = 0; index < count; index++)
            {
                EmittedPlugin.DefinePlugin(module, $"Plugin{index}", static _ => { });
            }
        });
        Refused($"has {count} public implementations of IEnginePlugin, expected one");
    }

    [Fact]
    public void What_an_engine_says_of_this_system_is_passed_on()
    {
        EmittedPlugin.Write(_scratch.Path, module => EmittedPlugin.DefinePlugin(module, "Plugin", static code => EmittedPlugin.Throw<EngineException>(code, "this system is too old.")));
        Assert.Equal("this system is too old.", Assert.Throws<EngineException>(() => EngineLoader.Load(FakeCheckout.Kind, _scratch.Path)).Message);
    }

    [Fact]
    public void An_engine_that_falls_while_it_is_made_is_damaged()
    {
        EmittedPlugin.Write(_scratch.Path, module => EmittedPlugin.DefinePlugin(module, "Plugin", static code => EmittedPlugin.Throw<InvalidOperationException>(code, "two\nlines.")));
        Refused("(two lines)");
    }

    private void Refused(string expected)
    {
        string message = Assert.Throws<EngineException>(() => EngineLoader.Load(FakeCheckout.Kind, _scratch.Path)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(AssemblyFile, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.EndsWith("install it again: restem engine add fake-cpu.", message, StringComparison.Ordinal);
    }
}
