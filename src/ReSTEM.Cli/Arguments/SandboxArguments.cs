using System.CommandLine;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>The sandbox options of the command line, for verbs that have no configuration.</summary>
internal sealed class SandboxArguments
{
    private static readonly SandboxConfig Usual = new();

    private readonly Option<int> _cpuSeconds = new("--cpu-seconds") { Description = "Processor time of one run of a program.", DefaultValueFactory = _ => Usual.CpuSeconds };

    private readonly Option<int> _referenceFactor = new("--cpu-reference-factor") { Description = "A reference solution raises the limit of processor time to this many times its own; 0 for never.", DefaultValueFactory = _ => Usual.CpuReferenceFactor };

    private readonly Option<int> _cpuCap = new("--cpu-seconds-cap") { Description = "The most that a reference solution raises it to, seconds.", DefaultValueFactory = _ => Usual.CpuSecondsCap };

    private readonly Option<int> _memory = new("--memory-mib") { Description = "Address space of one run of a program, MiB.", DefaultValueFactory = _ => Usual.MemoryMib };

    private readonly Option<int> _output = new("--output-mib") { Description = "What one run of a program may print or return, MiB.", DefaultValueFactory = _ => Usual.OutputMib };

    private readonly Option<string[]> _packages = new("--package") { Description = "Python package of the system that programs may import (repeatable).", DefaultValueFactory = _ => [] };

    private readonly Option<string[]> _without = new("--without-layer")
    {
        Description = "Sandbox layer to do without, at your own risk: namespaces, seccomp or limits (repeatable).",
        DefaultValueFactory = _ => [],
    };

    internal void AddTo(Command verb)
    {
        verb.Options.Add(_cpuSeconds);
        verb.Options.Add(_referenceFactor);
        verb.Options.Add(_cpuCap);
        verb.Options.Add(_memory);
        verb.Options.Add(_output);
        verb.Options.Add(_packages);
        verb.Options.Add(_without);
    }

    internal VerifierConfig Read(ParseResult parsed) => new()
    {
        Sandbox = new SandboxConfig
        {
            CpuSeconds = InputOutput.InRange("--cpu-seconds", parsed.GetValue(_cpuSeconds), 1, 3600),
            CpuReferenceFactor = InputOutput.InRange("--cpu-reference-factor", parsed.GetValue(_referenceFactor), 0, 1000),
            CpuSecondsCap = InputOutput.InRange("--cpu-seconds-cap", parsed.GetValue(_cpuCap), 1, 3600),
            MemoryMib = InputOutput.InRange("--memory-mib", parsed.GetValue(_memory), 64, 1 << 20),
            OutputMib = InputOutput.InRange("--output-mib", parsed.GetValue(_output), 1, 64),
            Packages = parsed.GetValue(_packages)!,
            Without = [.. parsed.GetValue(_without)!.Select(Layer)],
        },
    };

    private static SandboxLayer Layer(string name) => Enum.GetValues<SandboxLayer>()
        .Where(layer => layer.ToString().Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(layer => (SandboxLayer?)layer)
        .FirstOrDefault() ?? throw new UsageException($"--without-layer is '{name}', expected namespaces, seccomp or limits.");
}
