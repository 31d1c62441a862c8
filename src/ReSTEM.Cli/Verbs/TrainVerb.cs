using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Pretraining;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem train</c>.</summary>
internal static class TrainVerb
{
    internal static Command Create()
    {
        var config = InputOutput.Config("configs/quickstart-base.yaml");
        var set = InputOutput.Set();
        var verb = new Command(
            "train",
            "Trains one model by itself, from a base model or from random weights; resumes like a run.\n\n" +
            "The trained model is in runs/NAME/model.\n\nExample: restem train configs/quickstart-base.yaml")
        {
            config, set,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(set)!, cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(string path, string[] overrides, CancellationToken cancellationToken)
    {
        TrainPlan plan = TrainPlan.Read(path, overrides, LoadingOutput.Watch(cancellationToken));
        TrainConfig config = plan.Config;
        IEngine engine = EngineWiring.Create(config.Engine, trains: true).Engine;
        var training = new StagedTraining(plan, engine);
        using var folder = RunFolder.Open(Path.Combine("runs", config.Name), training.Identity, ConfigWriter.Write(config));
        PolicyRef model;
        using (var progress = ProgressOutput.Create())
        {
            model = await training.RunAsync(folder, progress.Progress, cancellationToken);
        }

        Console.WriteLine($"model: {model.Folder}");
        Console.WriteLine($"weights SHA-256: {model.Sha256}");
        return config.CompareWith.Length == 0
            ? ExitCode.Done
            : Compare(model.Sha256, engine.Resolve(Path.Combine(plan.Home, config.CompareWith)));
    }

    private static int Compare(string sha256, PolicyRef other)
    {
        if (other.Sha256 == sha256)
        {
            Console.WriteLine($"bit for bit the same as {other.Folder}");
            return ExitCode.Done;
        }

        Console.Error.WriteLine($"error: the weights of {other.Folder} are {other.Sha256}, expected {sha256} (what was just trained).");
        return ExitCode.Failed;
    }
}
