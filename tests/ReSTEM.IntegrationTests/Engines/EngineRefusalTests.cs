namespace ReSTEM.IntegrationTests;

/// <summary>An engine that cannot do what a configuration asks for is refused before any work: one line, what there is, what to do.</summary>
public sealed class EngineRefusalTests : IDisposable
{
    private static readonly string Config = Path.Combine(Restem.Root, "configs", "quickstart-math.yaml");

    private static readonly string[] Few = ["problems.train.generate.count=48", "problems.validation.generate.count=12", "evaluations.test.problems.generate.count=24"];

    private readonly Restem _restem = new();
    private readonly StubCheckout _checkout = new();

    public void Dispose()
    {
        _restem.Dispose();
        _checkout.Dispose();
    }

    [Theory]
    [InlineData("engine.name=torch-cpu", "the engine torch-cpu is not installed, expected it to be; install it: restem engine add torch-cpu.")]
    [InlineData("engine.name=onnx-cuda", "the engine onnx-cuda is not installed, expected it to be; install it: restem engine add onnx-cuda.")]
    [InlineData("engine.train=torch-cpu", "the engine torch-cpu is not installed, expected it to be; install it: restem engine add torch-cpu.")]
    public void One_that_is_not_installed(string setting, string expected) => Refused(2, expected, setting);

    [Fact]
    public void One_that_is_damaged_or_of_other_sources()
    {
        _checkout.Install("torch-cpu");
        string file = _checkout.PathOf("torch-cpu", "ReSTEM.Torch.dll");
        File.AppendAllText(file, "x");
        long size = new FileInfo(file).Length;
        Refused(2, $"the engine torch-cpu is damaged: {file} has {size} bytes, expected {size - 1}, expected it as it is built here; install it again: restem engine add torch-cpu.", "engine.name=torch-cpu");
        _checkout.Install("torch-cpu");
        _checkout.ChangeSources();
        Refused(
            2, "the engine torch-cpu was built from other sources of ReSTEM than those that are here, expected it as it is built here; install it again: restem engine add torch-cpu.",
            "engine.name=torch-cpu");
    }

    /// <summary>Contents are compared on demand only: what is damaged within is told when it is loaded.</summary>
    [Fact]
    public void One_that_is_damaged_within()
    {
        _checkout.Install("torch-cpu");
        string file = _checkout.PathOf("torch-cpu", "ReSTEM.Torch.dll");
        File.WriteAllBytes(file, new byte[new FileInfo(file).Length]);
        var (exitCode, _, errors) = Run("run", "engine.name=torch-cpu");
        Assert.Equal(2, exitCode);
        Assert.Matches($"^error: the engine torch-cpu is damaged: {file} does not load \\(.*\\); install it again: restem engine add torch-cpu.$", LineOf(errors));
    }

    [Theory]
    [InlineData("engine.device=cuda:3", "engine.device is cuda:3, expected cpu or cuda:0 for torch-cpu here (restem doctor shows what there is).")]
    [InlineData("engine.dtype=bfloat16", "engine.dtype is bfloat16, expected float32: torch-cpu computes in no other numbers on cpu (a processor).")]
    [InlineData("engine={name: torch-cpu, device: 'cuda:0', dtype: int4}", "engine.dtype is int4, expected float32: torch-cpu computes in no other numbers on cuda:0 (a card).")]
    [InlineData("engine={name: managed, device: 'cuda:0'}", "engine.device is cuda:0, expected cpu for managed here (restem doctor shows what there is).")]
    [InlineData("engine={name: managed, dtype: int4}", null)]
    [InlineData("engine.train=torch-cuda", "engine.train is torch-cuda beside engine.name torch-cpu, expected one of them for both: they are two builds of the same library, of which a process loads one.")]
    public void A_device_or_numbers_that_it_has_not(string setting, string? expected)
    {
        _checkout.Install("torch-cpu", [StubCheckout.Card(1024, 1024)]);
        Refused(2, expected ?? "engine.dtype is int4, expected float32 or bfloat16 or int8: managed computes in no other numbers on cpu (", "engine.name=torch-cpu", setting);
    }

    [Fact]
    public void A_family_that_it_lacks()
    {
        _checkout.Install("torch-cpu", lackedFamily: "llama");
        Refused(2, "base 'quickstart/base' cannot be used: torch-cpu has no llama, expected a family that it has.", "engine.name=torch-cpu");
    }

    [Fact]
    public void Cards_without_a_driver()
    {
        if (File.Exists("/proc/driver/nvidia/version"))
        {
            return; // what is missing here is nothing; the requirements' own tests have every case
        }

        _checkout.Install("torch-cuda");
        Refused(
            2, "torch-cuda has no card to compute on: NVIDIA's driver is missing (/proc/driver/nvidia/version does not exist), expected one for CUDA 12; " +
            "install it: sudo apt-get install nvidia-driver (or compute on the processor: engine.device cpu).",
            "engine.name=torch-cuda");
        var (exitCode, output, errors) = Run("check", "engine={name: torch-cuda, device: cpu}");
        Assert.True(exitCode == 0, errors);
        Assert.Contains("\nengine      torch-cuda stub 1 float32\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_too_large_for_its_card()
    {
        _checkout.Install("torch-cpu", [StubCheckout.Card(8, 8)]);
        Refused(
            1, @"^memory of cuda:0: about sampling \d+ MiB, training \d+ MiB needed, 8 MiB available; train an adapter \(m_step.adapter\), recompute activations \(m_step.optimizer.recompute_activations\), or use a smaller model\.$",
            "engine={name: torch-cpu, device: 'cuda:0'}");
    }

    /// <summary>Two processes on one card: the driver says what the other one left.</summary>
    [Fact]
    public void A_card_that_another_process_fills()
    {
        _checkout.Install("torch-cpu", [StubCheckout.Card(24_576, 8)]);
        Refused(
            1, @"^memory of cuda:0: about sampling \d+ MiB, training \d+ MiB needed, 8 MiB available; .*, or use a smaller model; other processes hold 24,568 MiB of its 24,576 MiB \(nvidia-smi shows them\)\.$",
            "engine={name: torch-cpu, device: 'cuda:0'}");
    }

    /// <summary>Sampling on a card and training on the processor: each has its own line.</summary>
    [Fact]
    public void A_card_that_only_samples_needs_memory_for_that_alone()
    {
        _checkout.Install("torch-cpu", [StubCheckout.Card(8, 8)]);
        Refused(
            1, @"^memory of cuda:0: about sampling \d+ MiB needed, 8 MiB available; use fewer slots \(engine.slots\), shorter completions, or a smaller model\.$",
            "engine={name: torch-cpu, device: 'cuda:0', train: managed}");
        _checkout.Install("torch-cpu", [StubCheckout.Card(1024, 1024)]);
        var (exitCode, output, errors) = Run("check", "engine={name: torch-cpu, device: 'cuda:0', train: managed}");
        Assert.True(exitCode == 0, errors);
        Assert.Matches(@"\nmemory of cuda:0 about sampling \d+ MiB needed, 1,024 MiB available\nmemory      about training \d+ MiB needed, [\d,]+ MiB available\n", output);
    }

    /// <summary>By check and by run in the same words, and before there is a folder of the run.</summary>
    private void Refused(int expectedExit, string expected, params string[] settings)
    {
        foreach (string verb in new[] { "check", "run" })
        {
            var (exitCode, _, errors) = Run(verb, settings);
            Assert.True(expectedExit == exitCode, errors);
            string line = LineOf(errors);
            if (expected.StartsWith('^'))
            {
                Assert.Matches(expected, line["error: ".Length..]);
            }
            else
            {
                Assert.StartsWith(expected, line["error: ".Length..], StringComparison.Ordinal);
            }

            Assert.False(Directory.Exists(_restem.PathOf("runs")));
        }
    }

    /// <summary>The one line of an error; a slow machine tells how far it is before.</summary>
    private static string LineOf(string errors) => Assert.Single(errors.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));

    private (int ExitCode, string Output, string Errors) Run(string verb, params string[] settings) =>
        _restem.Run(_checkout.Environment, [verb, Config, .. Few.Concat(settings).SelectMany(setting => new[] { "--set", setting })]);
}
