using System.Text.Json.Serialization;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>What a trainer gives back, <c>result.json</c> in the folder of the model, written last.</summary>
public sealed record ResultFile
{
    /// <summary>Name of the file.</summary>
    public const string Name = "result.json";

    /// <summary>Version of the contract.</summary>
    public required int Contract { get; init; }

    /// <summary>Of the job.</summary>
    public required string Id { get; init; }

    /// <summary>The epoch whose weights these are.</summary>
    public required int Epoch { get; init; }

    /// <summary>SHA-256 of the weights that were trained further, as the job names them.</summary>
    [JsonPropertyName("base_sha256")]
    public required string BaseSha256 { get; init; }

    /// <summary>SHA-256 of every file of the model, by name.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>All steps from the first one on, as progress lines tell them.</summary>
    public required IReadOnlyList<TrainingStep> Steps { get; init; }

    /// <summary>Reads what a trainer wrote, and refuses what does not fit the job.</summary>
    /// <param name="folder">Of the model.</param>
    /// <param name="job">What was asked for.</param>
    /// <exception cref="InvalidDataException">It does not fit; the message says what.</exception>
    internal static ResultFile Read(string folder, JobFile job)
    {
        string path = Path.Combine(folder, Name);
        var result = ContractJson.Read<ResultFile>(path, "the result of a training job");
        Require("contract", result.Contract, job.Contract);
        Require("id", result.Id, job.Id);
        Require("epoch", result.Epoch, job.UntilEpoch);
        Require("base_sha256", result.BaseSha256, job.Base.Sha256);
        foreach (var (name, sha256) in result.Files)
        {
            string file = Path.Combine(folder, name);
            Require($"files: {name}", File.Exists(file) ? ContentDigest.OfFile(file) : "missing", sha256);
        }

        int count = job.StepCount / job.Epochs * job.UntilEpoch;
        Require("steps", result.Steps.Count, count);
        for (int index = 0; index < count; index++)
        {
            Require($"steps[{index}].step", result.Steps[index].Step, index + 1);
            Require($"steps[{index}].step_count", result.Steps[index].StepCount, job.StepCount);
        }

        Require("tokens of all steps", result.Steps.Sum(step => (long)step.Tokens), job.Data.Tokens * job.UntilEpoch);
        return result;

        void Require<T>(string what, T actual, T expected)
        {
            if (!EqualityComparer<T>.Default.Equals(actual, expected))
            {
                throw new InvalidDataException($"{path} is refused: {what} is {actual}, expected {expected}. Delete {folder} to have it trained again.");
            }
        }
    }
}
