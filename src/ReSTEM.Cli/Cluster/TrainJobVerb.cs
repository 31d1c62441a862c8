using System.CommandLine;
using ReSTEM.Cluster;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem train-job</c>.</summary>
internal static class TrainJobVerb
{
    internal static Command Create()
    {
        var job = new Argument<string?>("job") { Description = "The job, job.json.", Arity = ArgumentArity.ZeroOrOne };
        var describe = new Option<bool>(TrainerDescription.Argument) { Description = "Print what trains and what it honours, one line of JSON, and end." };
        var engine = new EngineArguments();
        var verb = new Command(
            "train-job",
            "Trains the job of a run on this machine: what a run starts whose m_step.trainer is this command.\n\n" +
            "Progress goes to standard output, a line of JSON a step. SIGTERM commits and stops; the same command goes on from there.\n\n" +
            "Example: restem run configs/quickstart-math.yaml --set \"m_step.trainer={name: command, command: [restem, train-job]}\"")
        {
            job, describe,
        };
        engine.AddTo(verb, samples: false);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            IEngine trainer = EngineWiring.Create(engine.Over(parsed, new EngineConfig()), trains: true).Engine;
            if (parsed.GetValue(describe))
            {
                Console.WriteLine(TrainerDescription.Of(trainer).Line());
                return ExitCode.Done;
            }

            string path = parsed.GetValue(job) ?? throw new UsageException($"the job is missing, expected the path of a {JobFile.Name}.");
            await JobRunner.RunAsync(path, trainer, Console.WriteLine, cancellationToken);
            return ExitCode.Done;
        });
        return verb;
    }
}
