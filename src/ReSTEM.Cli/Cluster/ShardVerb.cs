using System.CommandLine;
using ReSTEM.Cluster;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem shard</c>.</summary>
internal static class ShardVerb
{
    internal static Command Create()
    {
        var spec = new Argument<string>("spec") { Description = $"The shard, {ShardSpec.Name}." };
        var verb = new Command(
            "shard",
            "Draws and judges a shard of a run's draw: what a run starts that has an executor.\n\n" +
            "The samples lie beside the spec, sealed, when it ends. SIGTERM commits and stops; the same command goes on from there.\n\n" +
            "Example: restem run configs/quickstart-math.yaml --set \"executor={name: local, shards: 4}\"")
        {
            spec,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await ShardRun.RunAsync(parsed.GetValue(spec)!, LoadingOutput.Watch(cancellationToken), cancellationToken);
            return ExitCode.Done;
        });
        return verb;
    }
}
