using System.Text.Json;
using System.Text.Json.Serialization;
using ReSTEM.Answers;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>A completion, its reference, and whether it deserves a reward: one line of a file of cases.</summary>
internal sealed record MathCase
{
    private static readonly MathVerifier Verifier = new();

    [JsonPropertyName("gold")]
    public required string Gold { get; init; }

    [JsonPropertyName("completion")]
    public required string Completion { get; init; }

    [JsonPropertyName("expected")]
    public required bool Expected { get; init; }

    /// <summary>The class of faults it belongs to.</summary>
    [JsonPropertyName("fault")]
    public required string Fault { get; init; }

    [JsonPropertyName("problem")]
    public string Problem { get; init; } = "";

    internal static IEnumerable<MathCase> ReadAll(string path) =>
        File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<MathCase>(line)!);

    /// <summary>The finding of the verifier with its default options.</summary>
    internal async Task<Finding> JudgeAsync()
    {
        var problem = new Problem { Id = "case", Task = TaskKind.Math, Prompt = Problem, Reference = Gold };
        return await Verifier.VerifyAsync(problem, Completion, CancellationToken.None);
    }
}
