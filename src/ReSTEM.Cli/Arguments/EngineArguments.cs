using System.CommandLine;
using System.Text.RegularExpressions;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>The engine on the command line.</summary>
internal sealed partial class EngineArguments
{
    /// <summary>The engines that need nothing but a name: servers are named in a configuration.</summary>
    private static readonly string[] Offered = [.. EngineNames.All.Where(name => name != EngineNames.Of(EngineName.Remote))];

    private readonly Option<string?> _engine = new("--engine")
    {
        Description = $"What computes: {string.Join(", ", Offered)}; all but managed are installed first (restem engine add NAME).",
    };

    private readonly Option<string?> _device = new("--device") { Description = "What it computes on: cpu, or cuda:N." };

    private readonly Option<string?> _dtype = new("--dtype") { Description = $"What it computes in: {string.Join(", ", EngineNames.Dtypes)}." };

    private readonly Option<int> _threads = InputOutput.Threads();

    private readonly Option<int> _slots = new("--slots") { Description = "Sequences sampled at once; 0 lets the engine choose.", DefaultValueFactory = _ => 0 };

    /// <summary>All of them.</summary>
    /// <param name="samples">Whether the verb samples.</param>
    internal IReadOnlyList<Option> Options(bool samples = true) => samples ? [_engine, _device, _dtype, _threads, _slots] : [_engine, _device, _dtype, _threads];

    internal void AddTo(Command verb, bool samples = true)
    {
        foreach (Option option in Options(samples))
        {
            verb.Options.Add(option);
        }
    }

    /// <summary>The engine that is asked for.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="config">What holds where nothing was typed.</param>
    /// <exception cref="UsageException">There is no such engine.</exception>
    internal EngineConfig Over(ParseResult parsed, EngineConfig config)
    {
        string? name = parsed.GetValue(_engine), dtype = parsed.GetValue(_dtype), device = parsed.GetValue(_device);
        if (device is not null && device != "cpu" && !Card().IsMatch(device))
        {
            throw new UsageException($"--device is '{device}', expected cpu, or cuda:N with N from 0.");
        }

        // Another engine has other devices and numbers: those of the configuration are not for it.
        EngineConfig kept = name is null ? config : new EngineConfig { Name = Named(name), Speed = config.Speed };
        return kept with
        {
            Device = device ?? kept.Device,
            Dtype = dtype is null ? kept.Dtype : EngineNames.ParseDtype(dtype)
                ?? throw new UsageException($"--dtype is '{dtype}', expected one of {string.Join(", ", EngineNames.Dtypes)}."),
            Speed = new EngineSpeed
            {
                Threads = IsGiven(parsed, _threads) ? InputOutput.InRange("--threads", parsed.GetValue(_threads), 0, 1024) : config.Speed.Threads,
                Slots = IsGiven(parsed, _slots) ? InputOutput.InRange("--slots", parsed.GetValue(_slots), 0, 65536) : config.Speed.Slots,
            },
        };
    }

    private static EngineName Named(string name) => Offered.Contains(name) ? EngineNames.Parse(name)!.Value
        : throw new UsageException($"--engine is '{name}', expected one of {string.Join(", ", Offered)}.");

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    [GeneratedRegex(@"\Acuda:[0-9]{1,3}\z")]
    private static partial Regex Card();
}
