using System.CommandLine;
using ReSTEM.Models;
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
        var config = ConfigFile.Read<TrainConfig>(path, overrides, TrainConfigCheck.Check);
        string home = Path.GetDirectoryName(Path.GetFullPath(path))!;
        using var folder = RunFolder.Open(Path.Combine("runs", config.Name), ConfigWriter.Write(config, "engine", "compare_with"));
        string model = Path.Combine(folder.Path, "model");
        if (!Directory.Exists(model))
        {
            using var progress = ProgressOutput.Create();
            string trained = await new StagedTraining(config, home, folder, progress.Progress).RunAsync(cancellationToken);
            ModelFolder.Save(model, ModelFolder.Load(trained), trained);
        }

        string sha256 = ModelFolder.WeightsSha256(model);
        Console.WriteLine($"model: {model}");
        Console.WriteLine($"weights SHA-256: {sha256}");
        return config.CompareWith.Length == 0 ? ExitCode.Done : Compare(sha256, Path.Combine(home, config.CompareWith));
    }

    private static int Compare(string sha256, string other)
    {
        string expected = ModelFolder.WeightsSha256(other);
        if (expected == sha256)
        {
            Console.WriteLine($"bit for bit the same as {other}");
            return ExitCode.Done;
        }

        Console.Error.WriteLine($"error: the weights of {other} are {expected}, expected {sha256} (what was just trained).");
        return ExitCode.Failed;
    }
}
