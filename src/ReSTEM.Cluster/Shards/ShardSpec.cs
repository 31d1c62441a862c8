using System.Text.Json.Serialization;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>What <c>restem shard</c> is given, <c>spec.json</c>: a share of the problems of one draw of a run.</summary>
public sealed record ShardSpec
{
    /// <summary>Version of the contract.</summary>
    public const int CurrentContract = 1;

    /// <summary>Name of the file.</summary>
    public const string Name = "spec.json";

    /// <summary>Name of the file of samples beside it, there when it is complete.</summary>
    public const string SamplesName = "samples.jsonl";

    /// <summary>Version of the contract.</summary>
    public required int Contract { get; init; }

    /// <summary>The run folder, whose resolved configuration is read.</summary>
    public required string Run { get; init; }

    /// <summary>What decides the bits of the run, by name; what computes is told by <see cref="Fingerprint"/>.</summary>
    public required IReadOnlyDictionary<string, string> Identity { get; init; }

    /// <summary>Iteration of the draw.</summary>
    public required int Iteration { get; init; }

    /// <summary>Name of the draw.</summary>
    public required string Draw { get; init; }

    /// <summary>What is sampled.</summary>
    public required ShardPolicy Policy { get; init; }

    /// <summary>What the policy must turn out to be.</summary>
    public required PolicyFingerprint Fingerprint { get; init; }

    /// <summary>From 0: the problems whose place in the draw is this number modulo <see cref="ShardCount"/>.</summary>
    public required int Shard { get; init; }

    /// <summary>Of the draw.</summary>
    public required int ShardCount { get; init; }

    /// <summary>The draw.</summary>
    [JsonIgnore]
    public DrawId DrawId => new(Iteration, Draw);

    /// <summary>The problems of this shard, in the order of the draw.</summary>
    public IReadOnlyList<Problem> Of(IReadOnlyList<Problem> problems) => [.. problems.Where((_, place) => place % ShardCount == Shard)];

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string path) => ContractJson.Write(path, this);

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">It is no shard, or of another contract.</exception>
    public static ShardSpec Read(string path)
    {
        var spec = ContractJson.Read<ShardSpec>(path, "a shard of a run");
        return spec.Contract != CurrentContract ? throw new InvalidDataException($"{path}: contract is {spec.Contract}, expected {CurrentContract}; use the restem that wrote it.")
            : spec.ShardCount >= 1 && spec.Shard >= 0 && spec.Shard < spec.ShardCount ? spec
            : throw new InvalidDataException($"{path}: shard is {spec.Shard} of {spec.ShardCount}, expected 0 to {spec.ShardCount - 1}.");
    }

    /// <summary>Refuses to draw for another run.</summary>
    /// <param name="path">Of the file, for the message.</param>
    /// <param name="now">The identity that the configuration has here; what computes is not looked at.</param>
    /// <exception cref="InvalidDataException">It is of another run.</exception>
    public void ThrowUnlessOf(string path, RunIdentity now)
    {
        string[] differences =
        [
            .. now.Differences(RunIdentity.Of(Identity)).Where(part => !RunIdentity.IsOfEngine(part.Name))
                .Select(part => $"{part.Name} is {part.Now ?? "missing"}, expected {part.Before ?? "nothing"}"),
        ];
        if (differences.Length > 0)
        {
            throw new InvalidDataException($"{path} is a shard of another run than {Run} is here: {string.Join("; ", differences)}.");
        }
    }

    /// <summary>Refuses a policy that is another one.</summary>
    /// <exception cref="InvalidDataException">It is.</exception>
    public void ThrowUnlessFrom(string path, PolicyFingerprint now)
    {
        if (now != Fingerprint)
        {
            throw new InvalidDataException(
                $"{path}: the policy is {now.WeightsSha256} on {now.Engine.Describe()}, expected {Fingerprint.WeightsSha256} on {Fingerprint.Engine.Describe()}. Use the same restem and engine on every machine.");
        }
    }
}

/// <summary>A policy of a shard.</summary>
/// <param name="Folder">Hugging Face folder.</param>
/// <param name="Sha256">Of its weights.</param>
/// <param name="Adapter">On top; null for nothing.</param>
/// <param name="IsUntrained">Whether the run has not trained it.</param>
/// <param name="IsTeacher">Whether it is sampled in place of the run's own.</param>
public sealed record ShardPolicy(string Folder, string Sha256, AdapterRef? Adapter, bool IsUntrained, bool IsTeacher)
{
    /// <summary>The policy, to be opened.</summary>
    [JsonIgnore]
    public PolicyRef Ref => new(Folder, Sha256, Adapter);

    /// <summary>Of a policy that is open.</summary>
    public static ShardPolicy Of(PromptedPolicy policy, PolicySource source) => new(
        Path.GetFullPath(source.Policy.Folder), source.Policy.Sha256,
        source.Policy.Adapter is { } adapter ? adapter with { Folder = Path.GetFullPath(adapter.Folder) } : null,
        policy.IsUntrained, source.IsTeacher);
}
