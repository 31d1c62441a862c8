using ReSTEM.Cli;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>What the managed engine is asked to compute in.</summary>
public sealed class ManagedDtypeTests
{
    [Theory]
    [InlineData(null, "managed 1 float32")]
    [InlineData(EngineDtype.Float32, "managed 1 float32")]
    [InlineData(EngineDtype.Bfloat16, "managed 1 bfloat16")]
    [InlineData(EngineDtype.Int8, "managed 1 int8")]
    public void The_configuration_s_numbers_are_those_of_sampler_and_trainer(EngineDtype? dtype, string fingerprint)
    {
        var chosen = EngineWiring.Create(new EngineConfig { Dtype = dtype }, trains: true);
        Assert.Equal(fingerprint, chosen.Engine.Fingerprint.Describe());
        Assert.Equal([EngineDtype.Float32, EngineDtype.Bfloat16, EngineDtype.Int8], chosen.TrainingDevice.Dtypes);
    }

    [Theory]
    [InlineData(EngineDtype.Float16, "float16")]
    [InlineData(EngineDtype.Int4, "int4")]
    public void Other_numbers_are_refused_in_one_line(EngineDtype dtype, string name)
    {
        var fault = Assert.Throws<UsageException>(() => EngineWiring.Create(new EngineConfig { Dtype = dtype }, trains: false));
        Assert.StartsWith(
            $"engine.dtype is {name}, expected float32 or bfloat16 or int8: managed computes in no other numbers on cpu (", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Doctor_says_what_multiplies() =>
        Assert.Matches(
            "^managed: built in; cpu, float32, bfloat16, int8 \\(bfloat16 by (VDPBF16PS|512-bit multiply-adds|256-bit multiply-adds|plain loops).*; int8, which samples only, by (512-bit VPDPBUSD|256-bit VPDPBUSD|256-bit VPMADDWD|plain loops)",
            EngineWiring.DescribeManaged());
}
