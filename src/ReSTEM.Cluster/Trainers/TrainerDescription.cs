using System.Text.Json.Serialization;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>
/// What a trainer says of itself when it is started with <c>--describe</c>, one line of JSON: what its bits depend on, which is part of a run's
/// identity, and what it honours.
/// </summary>
/// <param name="Contract">Version of the contract.</param>
/// <param name="Name">What trains, for example <c>managed</c>.</param>
/// <param name="Version">Changes whenever bits may.</param>
/// <param name="Dtype">What it computes in.</param>
/// <param name="Device">What it computes on.</param>
/// <param name="Shapes">What else decides bits, for example the number of processes; empty for nothing.</param>
/// <param name="Deterministic">Whether the same job always gives the same bits.</param>
/// <param name="Honours">Of <see cref="JobFile.Requires"/>, what it can do.</param>
public sealed record TrainerDescription(
    int Contract, string Name, string Version, string Dtype, string Device, string Shapes, bool Deterministic, IReadOnlyList<string> Honours)
{
    /// <summary>The argument that asks for it.</summary>
    public const string Argument = "--describe";

    /// <summary>Spreads targets.</summary>
    public const string LabelSmoothing = "label_smoothing";

    /// <summary>Trains adapters.</summary>
    public const string Adapter = "adapter";

    /// <summary>As an engine has it.</summary>
    [JsonIgnore]
    public EngineFingerprint Fingerprint => new(Name, Version, Dtype, Deterministic, Device, Shapes);

    /// <summary>Of an engine's own trainer.</summary>
    public static TrainerDescription Of(IEngine engine)
    {
        EngineFingerprint print = engine.Fingerprint;
        return new TrainerDescription(
            JobFile.CurrentContract, print.Name, print.Version, print.Dtype, print.Device, print.Shapes, print.Deterministic,
            engine.Capabilities.Adapters ? [LabelSmoothing, Adapter] : [LabelSmoothing]);
    }

    /// <summary>As one line.</summary>
    public string Line() => ContractJson.Line(this);

    /// <summary>Asks a trainer.</summary>
    /// <exception cref="EngineException">It does not start, fails, or says something else.</exception>
    public static async Task<TrainerDescription> AskAsync(TrainerCommand command, CancellationToken cancellationToken)
    {
        string? said = null;
        await new TrainerProcess(command).RunAsync(Argument, line => said = line.StartsWith('{') ? line : said, _ => { }, claim: null, cancellationToken);
        try
        {
            var description = ContractJson.Parse<TrainerDescription>(said ?? "", $"what {command.Command[0]} ... {Argument} prints", "the description of a trainer");
            return description.Contract == JobFile.CurrentContract && description is { Name.Length: > 0, Version.Length: > 0, Honours: not null } ? description : throw new EngineException(
                $"{command.Command[0]} ... {Argument} describes a trainer of contract {description.Contract}, expected {JobFile.CurrentContract} with name, version and honours (docs/scale.md).");
        }
        catch (InvalidDataException fault)
        {
            throw new EngineException(fault.Message, fault);
        }
    }
}
