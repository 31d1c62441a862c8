using System.CommandLine;
using ReSTEM.Cli;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Tests;

/// <summary>The engine on the command line.</summary>
public sealed class EngineArgumentsTests
{
    private static readonly EngineConfig OfFile = new()
    {
        Name = EngineName.TorchCuda,
        Device = "cuda:1",
        Dtype = EngineDtype.Bfloat16,
        Train = EngineName.TorchCuda,
        Speed = new EngineSpeed { Threads = 3, Slots = 5 },
    };

    [Theory]
    [InlineData("--engine torch", "--engine is 'torch', expected one of managed, torch-cpu, torch-cuda, onnx-cpu, onnx-cuda.")]
    [InlineData("--engine Managed", "--engine is 'Managed', expected one of managed, torch-cpu, torch-cuda, onnx-cpu, onnx-cuda.")]
    [InlineData("--engine ''", "--engine is '', expected one of managed, torch-cpu, torch-cuda, onnx-cpu, onnx-cuda.")]
    [InlineData("--device gpu", "--device is 'gpu', expected cpu, or cuda:N with N from 0.")]
    [InlineData("--device cuda", "--device is 'cuda', expected cpu, or cuda:N with N from 0.")]
    [InlineData("--device cuda:", "--device is 'cuda:', expected cpu, or cuda:N with N from 0.")]
    [InlineData("--device cuda:-1", "--device is 'cuda:-1', expected cpu, or cuda:N with N from 0.")]
    [InlineData("--device cuda:x", "--device is 'cuda:x', expected cpu, or cuda:N with N from 0.")]
    [InlineData("--device cuda:+1", "--device is 'cuda:+1', expected cpu, or cuda:N with N from 0.")]
    [InlineData("--device 'cuda: 1'", "--device is 'cuda: 1', expected cpu, or cuda:N with N from 0.")]
    [InlineData("--device cuda:65536", "--device is 'cuda:65536', expected cpu, or cuda:N with N from 0.")]
    [InlineData("--device CPU", "--device is 'CPU', expected cpu, or cuda:N with N from 0.")]
    [InlineData("--dtype float64", "--dtype is 'float64', expected one of float32, bfloat16, float16, int8, int4.")]
    [InlineData("--dtype Float32", "--dtype is 'Float32', expected one of float32, bfloat16, float16, int8, int4.")]
    [InlineData("--threads -1", "--threads is -1, expected 0 to 1024.")]
    [InlineData("--threads 1025", "--threads is 1025, expected 0 to 1024.")]
    [InlineData("--slots -1", "--slots is -1, expected 0 to 65536.")]
    [InlineData("--slots 65537", "--slots is 65537, expected 0 to 65536.")]
    public void What_is_no_engine_device_type_or_count_is_refused(string typed, string expected) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => Read(typed)).Message);

    [Theory]
    [InlineData("--threads many")]
    [InlineData("--slots 1.5")]
    public void What_is_no_number_is_refused_by_the_parser(string typed) => Assert.NotEmpty(Parse(typed).Errors);

    [Fact]
    public void Nothing_typed_is_what_the_configuration_says() => Assert.Equal(OfFile, Read(""));

    [Fact]
    public void Each_option_changes_its_own_part()
    {
        Assert.Equal(OfFile with { Device = "cpu" }, Read("--device cpu"));
        Assert.Equal(OfFile with { Device = "cuda:12" }, Read("--device cuda:12"));
        Assert.Equal(OfFile with { Dtype = EngineDtype.Float32 }, Read("--dtype float32"));
        Assert.Equal(OfFile with { Speed = new EngineSpeed { Threads = 0, Slots = 5 } }, Read("--threads 0"));
        Assert.Equal(OfFile with { Speed = new EngineSpeed { Threads = 3, Slots = 65536 } }, Read("--slots 65536"));
    }

    [Fact]
    public void Another_engine_does_not_take_the_devices_and_numbers_of_the_first()
    {
        Assert.Equal(new EngineConfig { Name = EngineName.OnnxCpu, Speed = OfFile.Speed }, Read("--engine onnx-cpu"));
        Assert.Equal(new EngineConfig { Name = EngineName.OnnxCpu, Dtype = EngineDtype.Int8, Speed = OfFile.Speed }, Read("--engine onnx-cpu --dtype int8"));
    }

    [Fact]
    public void A_verb_that_does_not_sample_has_no_slots()
    {
        var verb = new Command("score");
        new EngineArguments().AddTo(verb, samples: false);
        Assert.NotEmpty(verb.Parse("--slots 3").Errors);
    }

    private static EngineConfig Read(string typed)
    {
        var arguments = new EngineArguments();
        return arguments.Over(Parse(typed, arguments), OfFile);
    }

    private static ParseResult Parse(string typed, EngineArguments? arguments = null)
    {
        var verb = new Command("draw");
        (arguments ?? new EngineArguments()).AddTo(verb);
        return verb.Parse([.. typed.Replace("''", "\0", StringComparison.Ordinal).Split('\'').SelectMany((part, index) => index % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(part => part.Replace("\0", "", StringComparison.Ordinal))]);
    }
}
