using System.CommandLine;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem classify</c>.</summary>
internal static class ClassifyVerb
{
    private static readonly Option<string?> Model = new("--model") { Description = "Model folder; without it the base model of the configuration." };
    private static readonly Option<string?> Compare = new("--compare") { Description = "A second model folder, for paired differences." };
    private static readonly Option<string?> Report = new("--report") { Description = "HTML file for tables and reliability diagrams." };
    private static readonly Option<string?> Predictions = new("--predictions") { Description = "JSONL file for the probabilities of all labels of every problem." };
    private static readonly Option<bool> Json = InputOutput.Json();

    internal static Command Create()
    {
        var config = InputOutput.Config("configs/classification/brexit.yaml");
        var set = InputOutput.Set();
        var computing = new EngineArguments();
        var verb = new Command(
            "classify",
            "Measures a model on the evaluation sets of a run configuration by the probabilities of their labels.\n\n" +
            "Nothing is drawn: all labels of a text are scored, end token included. Accuracy, macro-F1, likelihood and calibration against hard labels and " +
            "against annotators' distributions, with 95 % intervals; with problems.validation also at a fitted temperature.\n\n" +
            "Example: restem classify configs/classification/brexit.yaml --model runs/brexit-hard/model --compare runs/brexit-soft/model")
        {
            config, set, Model, Compare, Report, Predictions, Json,
        };
        computing.AddTo(verb, samples: false);
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            parsed, parsed.GetValue(config)!, parsed.GetValue(set)!, computing, cancellationToken)));
        return verb;
    }

    private static int Run(ParseResult parsed, string path, string[] overrides, EngineArguments computing, CancellationToken cancellationToken)
    {
        RunPlan plan = RunPlan.Read(path, overrides, LoadingOutput.Watch(cancellationToken));
        IEngine engine = EngineWiring.Create(computing.Over(parsed, plan.Config.Engine), trains: false).Engine;
        if (!engine.Capabilities.LogProbabilities)
        {
            throw new UsageException($"--engine is {engine.Fingerprint.Name}, expected one that scores given tokens: that one does not.");
        }

        using var report = parsed.GetValue(Report) is { } page ? OutputFile.Open("--report", page) : null;
        using var rows = parsed.GetValue(Predictions) is { } file ? OutputFile.Open("--predictions", file) : null;
        string? compare = parsed.GetValue(Compare);
        var classified = new ClassifyPlan(compare is null ? [parsed.GetValue(Model)] : [parsed.GetValue(Model), compare], plan, engine);
        ClassResults results = classified.Measure(Console.Error.WriteLine, cancellationToken);
        if (report is not null)
        {
            report.Content.Write(Encoding.UTF8.GetBytes(ClassPage.Text(plan.Config.Name, results)));
            report.Complete();
            Console.Error.WriteLine($"report: {report.Path}");
        }

        if (rows is not null)
        {
            PredictionRows.Write(rows.Content, results);
            rows.Complete();
        }

        Console.WriteLine(parsed.GetValue(Json) ? ClassJson.Of(results).ToJsonString() : ClassTable.Text(results).TrimEnd());
        return ExitCode.Done;
    }
}
