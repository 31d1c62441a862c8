using ReSTEM.Core;

namespace ReSTEM.Tests;

public sealed class PolicyRefTests
{
    [Fact]
    public void An_adapter_for_another_base_is_refused_where_it_is_named()
    {
        var fault = Assert.Throws<ArgumentException>(() => new PolicyRef("base", "abc", new AdapterRef("lora", "def", BaseSha256: "xyz")));
        Assert.StartsWith("lora is an adapter for the weights xyz, expected one for abc (base).", fault.Message, StringComparison.Ordinal);
        Assert.Equal("def", new PolicyRef("base", "abc", new AdapterRef("lora", "def", BaseSha256: "abc")).Adapter!.Sha256);
    }

    [Fact]
    public void Weights_that_are_not_those_that_were_named_are_refused()
    {
        var fault = Assert.Throws<InvalidDataException>(() => new PolicyRef("base", "abc").ThrowUnlessIs("abd"));
        Assert.Equal("base: SHA-256 of the weights is abd, expected abc. The checkpoint was altered; restore it or start a new run.", fault.Message);
    }
}
