using System.Diagnostics;
using System.Text;

namespace ReSTEM.IntegrationTests;

/// <summary>Runs whose shards are Jobs of Kubernetes, on a server that follows its published API: the same ledger and the same weights.</summary>
public sealed class KubernetesRunTests
{
    private const string Template =
        """{"apiVersion": "batch/v1", "kind": "Job", "spec": {"backoffLimit": 6, "template": {"spec": {"containers": [{"name": "restem", "image": "restem", "args": ["x"]}]}}}}""";

    [KubernetesFact]
    public async Task Shards_as_indexes_of_jobs_survive_killed_pods_and_a_cluster_that_does_not_answer()
    {
        using var cluster = new FakeKubernetes();
        using var restem = new Restem();
        using Process run = restem.Start(cluster.Variables, [.. SmallRun.OfThreeDraws.Arguments, .. OnKubernetes(restem, Template, ", attempts: 9")]);
        Task<string> output = run.StandardOutput.ReadToEndAsync();
        var errors = new StringBuilder();
        run.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.AppendLine(line.Data);
            }
        };
        run.BeginErrorReadLine();
        int killed = 0;
        while (!run.HasExited)
        {
            await Task.Delay(50);
            killed += cluster.Made > 2 * killed && cluster.KillPod() ? 1 : 0; // of every second Job one, which another follows
            cluster.IsDown = cluster.Made == 2 && !Errors().Contains("it is asked again", StringComparison.Ordinal);
        }

        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, Errors());
        Assert.True(killed >= 3, $"{killed} killed: {Errors()}");
        Assert.Contains("executor kubernetes: kubectl get ended with 1: ", Errors(), StringComparison.Ordinal);
        Assert.Contains("executor kubernetes: the cluster answers again", Errors(), StringComparison.Ordinal);
        Assert.Contains("failed: OOMKilled, exit code 137 without samples", Errors(), StringComparison.Ordinal);
        Assert.Equal(SmallRun.OfThreeDraws.Whole, SmallRun.OfThreeDraws.Result(restem, await output));

        string Errors()
        {
            lock (errors)
            {
                return errors.ToString();
            }
        }
    }

    [KubernetesFact]
    public void A_pod_that_fails_is_told_with_what_the_cluster_says()
    {
        using var cluster = new FakeKubernetes();
        using var restem = new Restem();
        var (exitCode, _, errors) = restem.Run(
            cluster.Variables, [.. SmallRun.OfThreeDraws.Arguments, .. OnKubernetes(restem, Template, ", attempts: 2, command: [bash, -c, 'echo no image; kill -9 $$']")]);
        Assert.Equal(1, exitCode);
        Assert.InRange(cluster.Made, 2, 3); // both shards at once, and again at once or as their failures are seen
        Assert.Contains("failed: OOMKilled, exit code 137 without samples: no image | no image. It was started 2 times", errors, StringComparison.Ordinal);
    }

    [KubernetesFact]
    public void What_the_cluster_refuses_and_templates_that_are_none_are_told_in_one_line()
    {
        using var cluster = new FakeKubernetes();
        using var restem = new Restem();
        Refused("is not a Job of batch/v1 with a container", "{\"kind\": \"Pod\"}");
        Refused("is not the JSON of a Job", "kind: Job");
        Refused("executor kubernetes: kubectl create ended with 1, expected 0: ", Template.Replace("\"image\": \"restem\", ", "", StringComparison.Ordinal));

        void Refused(string message, string template)
        {
            var (exitCode, _, errors) = restem.Run(cluster.Variables, [.. SmallRun.OfThreeDraws.Arguments, .. OnKubernetes(restem, template)]);
            Assert.Equal(1, exitCode);
            Assert.Single(errors.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal) && line.Contains(message, StringComparison.Ordinal));
        }
    }

    private static string[] OnKubernetes(Restem restem, string template, string more = "")
    {
        File.WriteAllText(restem.PathOf("job.json"), template);
        return ["--set", $"executor={{name: kubernetes, shards: 2, template: {restem.PathOf("job.json")}{more}}}"];
    }
}
