using System.CommandLine;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem check</c>.</summary>
internal static class CheckVerb
{
    internal static Command Create()
    {
        var config = InputOutput.Config("configs/quickstart.yaml");
        var set = InputOutput.Set();
        var verb = new Command(
            "check",
            "Finds out everything that can be known before a run or a training spends anything: configuration, data, models, prompt lengths, memory, disk, sandbox.\n\n" +
            "Shows three prompts token by token, and what of their training sequences counts in the loss. Which of both a configuration is for is told by its keys.\n\n" +
            "Examples: restem check configs/quickstart.yaml\n          restem check configs/quickstart-base.yaml")
        {
            config, set,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(set)!, cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(string path, string[] overrides, CancellationToken cancellationToken)
    {
        switch (ConfigFile.KindOf(path))
        {
            case ConfigKind.Train:
                TrainCheck.Run(path, overrides, cancellationToken);
                break;
            case ConfigKind.Sweep:
                await SweepCheck.RunAsync(path, overrides, cancellationToken);
                break;
            case ConfigKind.Synth:
                SynthCheck.Run(path, overrides);
                break;
            case ConfigKind.CompareData:
                CompareDataCheck.Run(path, overrides, cancellationToken);
                break;
            default:
                await RunCheck.RunAsync(path, overrides, cancellationToken);
                break;
        }

        Console.WriteLine("all checks passed");
        return ExitCode.Done;
    }
}
