using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>
/// Runs shards as indexes of Indexed Jobs of Kubernetes, through kubectl, which knows the cluster and who asks. Jobs outlive the run, and the next
/// start takes them over.
/// </summary>
/// <param name="command">Program and arguments before the path of the spec, in the container.</param>
/// <param name="mostAtOnce">Indexes at once.</param>
/// <param name="template">What a Job is made of.</param>
/// <param name="kubernetesNamespace">Where Jobs are made.</param>
/// <param name="notice">Is told when the cluster does not answer.</param>
public sealed class KubernetesScheduler(
    IReadOnlyList<string> command, int mostAtOnce, KubernetesTemplate template, string kubernetesNamespace, Action<string> notice) : IShardScheduler
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool _isSilent;

    /// <inheritdoc/>
    public int MostAtOnce => mostAtOnce;

    private string Jobs => $"/apis/batch/v1/namespaces/{kubernetesNamespace}/jobs";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SubmitAsync(IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        string list = ShardList.Write(folders), manifest = Path.ChangeExtension(list, ".job.json");
        string name = "restem-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)))[..16];
        string program = ShardList.Script("JOB_COMPLETION_INDEX", list, command);
        AtomicFile.WriteText(manifest, template.Job(name, folders.Count, program).ToJsonString());
        var (exitCode, _, errors) = await ToolRun.Async("kubectl", ["create", "--raw", Jobs, "-f", manifest], cancellationToken);
        return exitCode == 0 || errors.Contains("AlreadyExists", StringComparison.Ordinal)
            ? [.. folders.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"{name}/{index}"))]
            : throw new EngineException($"executor kubernetes: kubectl create ended with {exitCode}, expected 0: {ToolRun.OneLine(errors)}");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> EndedAsync(IReadOnlyCollection<string> jobs, CancellationToken cancellationToken)
    {
        var ended = new Dictionary<string, string>();
        foreach (var group in jobs.GroupBy(job => job.Split('/')[0]))
        {
            if (await LookAsync(group.Key, cancellationToken) is not { } found)
            {
                continue; // nobody knows: look again later
            }

            foreach (string job in group)
            {
                if (await ReasonAsync(found, group.Key, job.Split('/')[1], cancellationToken) is { } reason)
                {
                    ended[job] = reason;
                }
            }
        }

        return ended;
    }

    /// <inheritdoc/>
    public async Task StopAsync(IReadOnlyCollection<string> jobs)
    {
        string[] names = [.. jobs.Select(job => job.Split('/')[0]).Distinct()];
        foreach (string name in names)
        {
            var (exitCode, _, errors) = await ToolRun.Async("kubectl", ["delete", "--raw", $"{Jobs}/{name}?propagationPolicy=Foreground"], CancellationToken.None);
            if (exitCode != 0 && !IsNotFound(errors))
            {
                notice($"executor kubernetes: kubectl delete ended with {exitCode}: {ToolRun.OneLine(errors)}; the job {name} may still run, and the next start takes it over");
                return;
            }
        }

        foreach (string name in names)
        {
            while (await LookAsync(name, CancellationToken.None) is { Count: > 0 })
            {
                await Task.Delay(Pause);
            }
        }
    }

    private static bool IsNotFound(string errors) => errors.Contains("(NotFound)", StringComparison.Ordinal);

    /// <summary>A Job; empty where there is none, null where the cluster does not answer.</summary>
    private async Task<JsonObject?> LookAsync(string name, CancellationToken cancellationToken)
    {
        var (exitCode, output, errors) = await ToolRun.Async("kubectl", ["get", "--raw", $"{Jobs}/{name}"], cancellationToken);
        bool isSilent = exitCode != 0 && !IsNotFound(errors);
        if (isSilent != _isSilent)
        {
            _isSilent = isSilent;
            notice(isSilent ? $"executor kubernetes: kubectl get ended with {exitCode}: {ToolRun.OneLine(errors)}; it is asked again" : "executor kubernetes: the cluster answers again");
        }

        return isSilent ? null : exitCode != 0 ? [] : JsonNode.Parse(output) as JsonObject
            ?? throw new InvalidDataException($"kubectl get --raw {Jobs}/{name} gave no Job, but: {ToolRun.OneLine(output)}");
    }

    /// <summary>How an index ended; null where it has not.</summary>
    private async Task<string?> ReasonAsync(JsonObject job, string name, string index, CancellationToken cancellationToken)
    {
        if (job.Count == 0)
        {
            return $"job {name} is gone";
        }

        JsonNode? status = job["status"];
        int number = int.Parse(index, CultureInfo.InvariantCulture);
        if (IsIn(status?["completedIndexes"], number))
        {
            return $"index {index} of job {name} ended";
        }

        var condition = (status?["conditions"] as JsonArray)?.FirstOrDefault(entry => entry?["status"]?.GetValue<string>() == "True" && entry["type"]?.GetValue<string>() is "Failed" or "Complete");
        if (!IsIn(status?["failedIndexes"], number) && condition is null)
        {
            return null;
        }

        string selector = Uri.EscapeDataString($"batch.kubernetes.io/job-name={name},batch.kubernetes.io/job-completion-index={index}");
        var (exitCode, output, _) = await ToolRun.Async("kubectl", ["get", "--raw", $"/api/v1/namespaces/{kubernetesNamespace}/pods?labelSelector={selector}"], cancellationToken);
        JsonNode? pod = exitCode == 0 ? (JsonNode.Parse(output)?["items"] as JsonArray)?.LastOrDefault() : null;
        JsonNode? end = (pod?["status"]?["containerStatuses"] as JsonArray)?.FirstOrDefault()?["state"]?["terminated"];
        string why = end is not null ? $": {end["reason"]}, exit code {end["exitCode"]}"
            : pod?["status"]?["reason"] is { } reason ? $": {reason}"
            : condition?["reason"] is { } told ? $": {told}" : "";
        return $"index {index} of job {name} failed{why}";
    }

    /// <summary>Whether a number is in ranges as Jobs tell them: <c>0-2,5</c>.</summary>
    private static bool IsIn(JsonNode? ranges, int number) => (ranges?.GetValue<string>() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Any(range =>
    {
        int[] ends = [.. range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
        return number >= ends[0] && number <= ends[^1];
    });
}
