using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReSTEM.Cluster;

/// <summary>
/// The user's Job of <c>batch/v1</c> in JSON: image, volumes, resources, whatever the cluster wants. Its first container draws; name, indexes and command
/// are filled in.
/// </summary>
public sealed class KubernetesTemplate
{
    private readonly string _json;

    private KubernetesTemplate(string json) => _json = json;

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">It is no such Job.</exception>
    public static KubernetesTemplate Read(string path)
    {
        string json = File.Exists(path) ? File.ReadAllText(path) : throw new InvalidDataException($"{path} is missing, expected the JSON of a Job (executor.template).");
        try
        {
            JsonNode? job = JsonNode.Parse(json);
            return job?["kind"]?.GetValue<string>() == "Job" && job["apiVersion"]?.GetValue<string>() == "batch/v1" && ContainersOf(job) is { Count: > 0 }
                ? new KubernetesTemplate(json)
                : throw new InvalidDataException($"{path} is not a Job of batch/v1 with a container, expected kind, apiVersion and spec.template.spec.containers.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is not the JSON of a Job: {fault.Message} (kubectl create --dry-run=client -o json -f FILE.yaml makes it of YAML.)", fault);
        }
    }

    /// <summary>The Job of some shards. A shard that fails does not end the others, and is not started again by the cluster: the run counts.</summary>
    /// <param name="name">Of the Job.</param>
    /// <param name="count">Of its indexes.</param>
    /// <param name="script">For the shell of the container.</param>
    internal JsonNode Job(string name, int count, string script)
    {
        JsonNode job = JsonNode.Parse(_json)!;
        var metadata = (JsonObject)(job["metadata"] ??= new JsonObject());
        metadata.Remove("generateName");
        metadata["name"] = name;
        var spec = (JsonObject)job["spec"]!;
        spec["completionMode"] = "Indexed";
        spec["completions"] = count;
        spec["parallelism"] = count;
        spec["backoffLimitPerIndex"] = 0;
        spec["maxFailedIndexes"] = count;
        spec.Remove("backoffLimit");
        spec["ttlSecondsAfterFinished"] ??= 3600;
        spec["template"]!["spec"]!["restartPolicy"] = "Never";
        var container = (JsonObject)ContainersOf(job)![0]!;
        container["command"] = new JsonArray("/bin/sh", "-c", script);
        container.Remove("args");
        return job;
    }

    private static JsonArray? ContainersOf(JsonNode job) => job["spec"]?["template"]?["spec"]?["containers"] as JsonArray;
}
