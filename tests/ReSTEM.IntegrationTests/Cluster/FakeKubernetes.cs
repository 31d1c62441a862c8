using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ReSTEM.IntegrationTests;

/// <summary>
/// A server that answers kubectl as the API of Kubernetes is published (batch/v1 Jobs of completion mode Indexed, v1 Pods), and runs the containers of its
/// pods as processes of this machine.
/// </summary>
internal sealed class FakeKubernetes : IDisposable
{
    private static readonly Regex JobPath = new("^/apis/batch/v1/namespaces/([a-z0-9-]+)/jobs(?:/([a-z0-9-]+))?$");

    private readonly string _folder = Directory.CreateTempSubdirectory("restem-kubernetes-").FullName;
    private readonly HttpListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (JsonNode Job, Process[] Pods)> _jobs = [];

    internal FakeKubernetes()
    {
        int port = SlurmCluster.FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        File.WriteAllText(Configuration, $$$"""
            {"apiVersion": "v1", "kind": "Config", "current-context": "fake",
             "clusters": [{"name": "fake", "cluster": {"server": "http://127.0.0.1:{{{port}}}"}}],
             "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": ""}}]}
            """);
        _ = ServeAsync();
    }

    /// <summary>Why it cannot be asked here; null where it can.</summary>
    internal static string? Missing { get; } = File.Exists("/usr/bin/kubectl") || File.Exists("/usr/local/bin/kubectl") ? null : "needs kubectl";

    internal (string Name, string Value)[] Variables => [("KUBECONFIG", Configuration)];

    /// <summary>Whether it answers nothing but that it cannot.</summary>
    internal bool IsDown { get; set; }

    /// <summary>Jobs that were made, those deleted among them.</summary>
    internal int Made { get; private set; }

    private string Configuration => Path.Combine(_folder, "config");

    /// <summary>Kills a pod of the latest job that still runs, as a node does that runs out of memory; whether there was one.</summary>
    internal bool KillPod()
    {
        lock (_lock)
        {
            Process? pod = _jobs.Values.SelectMany(job => job.Pods).FirstOrDefault(pod => !pod.HasExited);
            pod?.Kill();
            return pod is not null;
        }
    }

    public void Dispose()
    {
        _listener.Stop();
        foreach (Process pod in _jobs.Values.SelectMany(job => job.Pods))
        {
            pod.Kill(entireProcessTree: true);
            pod.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            string body = await reader.ReadToEndAsync();
            var (code, answer) = IsDown ? Status(503, "ServiceUnavailable", "etcdserver: request timed out") : Answer(context.Request, body);
            context.Response.StatusCode = code;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()));
            context.Response.Close();
        }
    }

    private (int Code, JsonNode Answer) Answer(HttpListenerRequest request, string body)
    {
        string path = request.Url!.AbsolutePath;
        if (path == "/version")
        {
            return (200, new JsonObject { ["major"] = "1", ["minor"] = "33", ["gitVersion"] = "v1.33.0" });
        }

        lock (_lock)
        {
            if (path == "/api/v1/namespaces/default/pods")
            {
                return (200, Pods(Uri.UnescapeDataString(request.Url.Query)));
            }

            Match match = JobPath.Match(path);
            return !match.Success || match.Groups[1].Value != "default" ? Status(404, "NotFound", "the server could not find the requested resource")
                : request.HttpMethod == "POST" ? Make(JsonNode.Parse(body)!)
                : !_jobs.TryGetValue(match.Groups[2].Value, out var job) ? Status(404, "NotFound", $"jobs.batch \"{match.Groups[2].Value}\" not found")
                : request.HttpMethod == "DELETE" ? Delete(match.Groups[2].Value, job.Pods)
                : (200, WithStatus(job.Job, job.Pods));
        }
    }

    private (int, JsonNode) Make(JsonNode job)
    {
        string name = job["metadata"]!["name"]!.GetValue<string>();
        JsonNode spec = job["spec"]!, pod = spec["template"]!["spec"]!;
        string? fault = spec["completionMode"]?.GetValue<string>() != "Indexed" ? "spec.completionMode: must be Indexed"
            : spec["completions"]?.GetValue<int>() is not > 0 ? "spec.completions: Required value: when completion mode is Indexed"
            : spec["backoffLimitPerIndex"] is not null && pod["restartPolicy"]?.GetValue<string>() != "Never" ? "spec.template.spec.restartPolicy: must be Never with backoffLimitPerIndex"
            : spec["maxFailedIndexes"]?.GetValue<int>() > spec["completions"]!.GetValue<int>() ? "spec.maxFailedIndexes: must be less than or equal to completions"
            : pod["containers"]![0]!["image"] is null ? "spec.template.spec.containers[0].image: Required value" : null;
        if (fault is not null)
        {
            return Status(422, "Invalid", $"Job.batch \"{name}\" is invalid: {fault}");
        }

        if (_jobs.ContainsKey(name))
        {
            return Status(409, "AlreadyExists", $"jobs.batch \"{name}\" already exists");
        }

        string[] command = [.. pod["containers"]![0]!["command"]!.AsArray().Select(word => word!.GetValue<string>())];
        Process[] pods =
        [
            .. Enumerable.Range(0, spec["completions"]!.GetValue<int>()).Select(index =>
            {
                var start = new ProcessStartInfo(command[0], command[1..]);
                start.Environment["JOB_COMPLETION_INDEX"] = index.ToString(CultureInfo.InvariantCulture);
                return Process.Start(start)!;
            }),
        ];
        _jobs[name] = (job, pods);
        Made++;
        return (201, job.DeepClone());
    }

    private (int, JsonNode) Delete(string name, Process[] pods)
    {
        foreach (Process pod in pods.Where(pod => !pod.HasExited))
        {
            using Process kill = Process.Start("kill", ["-TERM", $"{pod.Id}"]);
            pod.WaitForExit();
        }

        _jobs.Remove(name);
        return (200, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Success" });
    }

    private static JsonNode WithStatus(JsonNode job, Process[] pods)
    {
        int[] Of(Func<Process, bool> isIt) => [.. Enumerable.Range(0, pods.Length).Where(index => isIt(pods[index]))];
        int[] done = Of(pod => pod.HasExited && pod.ExitCode == 0), failed = Of(pod => pod.HasExited && pod.ExitCode != 0);
        var status = new JsonObject { ["active"] = pods.Length - done.Length - failed.Length, ["completedIndexes"] = Ranges(done), ["failedIndexes"] = Ranges(failed) };
        if (done.Length + failed.Length == pods.Length)
        {
            status["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = failed.Length > 0 ? "Failed" : "Complete",
                ["status"] = "True",
                ["reason"] = failed.Length > 0 ? "FailedIndexes" : "CompletionsReached",
            });
        }

        JsonNode answer = job.DeepClone();
        answer["status"] = status;
        return answer;
    }

    private JsonObject Pods(string query)
    {
        Match match = Regex.Match(query, "job-name=([a-z0-9-]+),batch.kubernetes.io/job-completion-index=(\\d+)");
        Process pod = _jobs[match.Groups[1].Value].Pods[int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)];
        var terminated = new JsonObject { ["exitCode"] = pod.ExitCode, ["reason"] = pod.ExitCode == 137 ? "OOMKilled" : "Error" };
        return new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject
            {
                ["status"] = new JsonObject { ["containerStatuses"] = new JsonArray(new JsonObject { ["state"] = new JsonObject { ["terminated"] = terminated } }) },
            }),
        };
    }

    /// <summary>As the documentation of JobStatus has them: runs of three and more shortened, for example <c>1,3-5,7</c>.</summary>
    private static string Ranges(int[] numbers)
    {
        var parts = new List<string>();
        for (int i = 0; i < numbers.Length;)
        {
            int end = i;
            while (end + 1 < numbers.Length && numbers[end + 1] == numbers[end] + 1)
            {
                end++;
            }

            parts.Add(end - i >= 2 ? $"{numbers[i]}-{numbers[end]}" : string.Join(',', numbers[i..(end + 1)]));
            i = end + 1;
        }

        return string.Join(',', parts);
    }

    private static (int, JsonNode) Status(int code, string reason, string message) => (code, new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = code,
    });
}

/// <summary>A test through kubectl; skipped with the reason where it is not installed.</summary>
internal sealed class KubernetesFactAttribute : FactAttribute
{
    public KubernetesFactAttribute() => Skip = FakeKubernetes.Missing;
}
