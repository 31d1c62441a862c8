using System.CommandLine;
using System.Globalization;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem eval</c>.</summary>
internal static class EvalVerb
{
    private static readonly Argument<string?> Config = new("CONFIG")
    {
        Description = "Run configuration whose evaluation sets are measured; or give --problems with --model or with a file of --samples.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string[]> Set = InputOutput.Set();
    private static readonly Option<string?> Model = new("--model") { Description = "Hugging Face model folder; with CONFIG the default is its base model." };
    private static readonly Option<string?> Compare = new("--compare") { Description = "A second model folder, or file of samples, for paired differences." };
    private static readonly Option<string[]> Files = InputOutput.Problems("Problem files in a published form, each a set named after its file; NAME=FILE names it otherwise.");

    private static readonly Option<string> Samples = new("--samples")
    {
        Description = "Completions per problem, 0 for greedy only; or a file of them, rows {problem_id, text or completion} as sample writes, which are measured without a model.",
        DefaultValueFactory = _ => "8",
    };

    private static readonly Option<string> K = new("--k") { Description = "Every k of pass@k and maj@k, for example 1,8.", DefaultValueFactory = _ => "" };
    private static readonly Option<int> Limit = InputOutput.Limit();
    private static readonly Option<long> Seed = InputOutput.Seed();
    private static readonly Option<string?> Logs = new("--log-samples") { Description = "Folder for every sample, in the form of lm-eval-harness: a samples_SET.jsonl for each set." };
    private static readonly Option<string?> Report = new("--report") { Description = "HTML file for the figures, tables and examples." };
    private static readonly Option<bool> Json = InputOutput.Json();
    private static readonly DataArguments Data = new();
    private static readonly PromptArguments Prompt = new();
    private static readonly SamplingArguments Sampling = new();
    private static readonly SandboxArguments Sandbox = new();
    private static readonly AnswerArguments Answers = new();
    private static readonly EngineArguments Computing = new();

    internal static Command Create()
    {
        var verb = new Command(
            "eval",
            "Measures pass@k, maj@k and greedy accuracy with 95 % intervals.\n\n" +
            "Samples go to a folder below runs, so an interrupted evaluation goes on where it stopped.\n\n" +
            "Examples: restem eval configs/quickstart.yaml --compare runs/quickstart/iterations/003/policy\n" +
            "          restem eval --model DIR --problems test.jsonl --samples 32 --k 1,8,32 --temperature 1 --top-p 0.95\n" +
            "          restem eval --problems test.jsonl --samples samples.jsonl --log-samples logs --report report.html")
        {
            Config, Set, Model, Compare, Files, Samples, K, Limit, Seed, Logs, Report, Json,
        };
        Data.AddTo(verb);
        Prompt.AddTo(verb);
        Sampling.AddTo(verb);
        Sandbox.AddTo(verb);
        Answers.AddTo(verb);
        Computing.AddTo(verb);
        verb.SetAction(RunAsync);
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        RefuseWithoutEffect(parsed);
        EvalPlan plan = parsed.GetValue(Config) is { } path
            ? EvalPlan.FromConfig(path, parsed.GetValue(Set)!, parsed.GetValue(Model), parsed.GetValue(Compare), config => Computing.Over(parsed, config))
            : FromOptions(parsed);
        bool json = parsed.GetValue(Json);
        IEngine engine = EngineWiring.Create(plan.Engine, trains: false).Engine;
        plan.RequireUsable(engine);
        using var report = parsed.GetValue(Report) is { } page ? OpenReport(page) : null;
        var logs = parsed.GetValue(Logs) is { } logFolder ? new SampleLogs(logFolder, plan) : null;
        await using var verifiers = await Verifiers.CreateAsync(
            plan.Sets.SelectMany(set => set.Problems), plan.Verifier, plan.Seed, cancellationToken);
        RunIdentity identity = plan.Identity(engine, verifiers.Verifier);
        string resolved = string.Concat(identity.Parts.Select(part => $"# {part.Key}: {part.Value}\n"));
        using var folder = RunFolder.Open(Path.Combine("runs", "eval-" + identity.Digest[..12]), identity, resolved);
        using (var progress = ProgressOutput.Create())
        {
            await MeasureAsync(
                plan, engine, verifiers.Verifier, folder.Ledger, new ModelProgress(progress.Progress, plan.Models), cancellationToken);
        }

        var view = new RunView
        {
            Name = "evaluation",
            Seed = plan.Seed,
            Iterations = plan.Models.Count - 1,
            Evaluations = plan.Sets,
            Verifier = verifiers.Verifier,
            Models = plan.Models,
            Command = "restem " + string.Join(' ', Environment.GetCommandLineArgs().Skip(1)),
        };
        var summary = SummaryReader.Read(folder.Ledger, view);
        foreach (string written in logs?.Write(engine, verifiers.Verifier, folder.Ledger) ?? [])
        {
            await Console.Error.WriteLineAsync($"samples: {written}");
        }

        if (report is not null)
        {
            report.Content.Write(Encoding.UTF8.GetBytes(HtmlReport.Text(folder.Path, folder.Ledger, summary)));
            report.Complete();
            await Console.Error.WriteLineAsync($"report: {report.Path}");
        }

        SummaryOutput.Write(summary, json);
        return ExitCode.Done;
    }

    private static async Task MeasureAsync(
        EvalPlan plan, IEngine engine, IVerifier verifier, RunLedger ledger, ILoopProgress progress, CancellationToken cancellationToken)
    {
        var clock = new PhaseClock(ledger.Phases, progress, plan.Models.Count - 1, TimeProvider.System);
        var verdicts = VerdictCache.ForRun();
        for (int m = 0; m < plan.Models.Count; m++)
        {
            // The first model stands where the base model stands in a run, the second where a trained policy does.
            using PromptedPolicy policy = plan.Given.Count > 0
                ? new PromptedPolicy(plan.Given[m], GivenSamples.Model, IsUntrained: m == 0)
                : Open(engine, plan.Models[m], isUntrained: m == 0);
            foreach (EvaluationSet set in plan.Sets)
            {
                var drawing = new Drawing(verifier, ledger.Samples, clock, plan.Drawing, verdicts);
                await new Evaluation(verifier, ledger.Samples, ledger.Measures, plan.Seed).RunAsync(drawing, () => policy, set, m, clock, cancellationToken);
            }
        }
    }

    private static PromptedPolicy Open(IEngine engine, string folder, bool isUntrained) => Given.Read($"model '{folder}'", () =>
    {
        PolicyRef model = engine.Resolve(folder);
        return new PromptedPolicy(engine.Open(model), engine.Describe(model), isUntrained);
    });

    private static OutputFile OpenReport(string page) => page == OutputFile.Standard
        ? throw new UsageException("--report is -, expected a file: standard output has the table.")
        : OutputFile.Open("--report", page);

    // What a configuration says is not said by options, and the other way round.
    private static void RefuseWithoutEffect(ParseResult parsed)
    {
        bool configured = parsed.GetValue(Config) is not null;
        Option[] always = [Model, Compare, Json, Logs, Report, .. Computing.Options()];
        foreach (var option in parsed.CommandResult.Command.Options.Except(always).Where(option => parsed.GetResult(option) is { Implicit: false }))
        {
            if (configured != (option == Set))
            {
                throw new UsageException(configured
                    ? $"{option.Name} has no effect beside CONFIG, expected it without; change the configuration with --set KEY=VALUE instead."
                    : $"{option.Name} has no effect without CONFIG, expected it with one.");
            }
        }
    }

    private static EvalPlan FromOptions(ParseResult parsed)
    {
        string[] files = parsed.GetValue(Files)!;
        if (files.Length == 0)
        {
            throw new UsageException("--problems is missing, expected CONFIG, or at least one problem file.");
        }

        ulong seed = (ulong)InputOutput.InRange("--seed", parsed.GetValue(Seed), 0, long.MaxValue);
        var judging = Sandbox.Read(parsed) with { LastNumber = Answers.LastNumber(parsed) };
        string count = parsed.GetValue(Samples)!;
        bool isNumber = int.TryParse(count, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int samples);
        if (!isNumber)
        {
            RefuseModels(parsed);
            return EvalPlan.FromSamples(
                count, parsed.GetValue(Compare), Given.Problems(files, Data.Read(parsed, files), parsed.GetValue(Limit), seed),
                fewest => Ks(parsed.GetValue(K)!, fewest, $"the samples of the problem that has fewest ({fewest})"), judging, seed);
        }

        InputOutput.InRange("--samples", samples, 0, MajorityVote.MaxDrawn);
        string model = parsed.GetValue(Model) ?? throw new UsageException("--model is missing, expected CONFIG, or --model or a file of --samples beside --problems.");
        var measure = new EvaluationOptions
        {
            Samples = samples,
            Sampling = Sampling.Read(parsed),
            K = Ks(parsed.GetValue(K)!, samples, $"--samples ({samples})"),
        };
        PromptOptions prompt = Prompt.Read(parsed);
        var plan = EvalPlan.FromFiles(
            model, parsed.GetValue(Compare), Given.Problems(files, Data.Read(parsed, files), parsed.GetValue(Limit), seed), measure, prompt, judging, seed);
        return plan with { Engine = Computing.Over(parsed, new EngineConfig()) };
    }

    // Samples that are there are not drawn.
    private static void RefuseModels(ParseResult parsed)
    {
        Option[] ofModels = [Model, .. Computing.Options(), .. Prompt.Options, .. Sampling.Options];
        if (ofModels.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } idle)
        {
            throw new UsageException($"{idle.Name} has no effect with a file of --samples, expected it with a number of them.");
        }
    }

    private static int[] Ks(string text, int samples, string most)
    {
        if (text.Length == 0)
        {
            return samples > 1 ? [1, samples] : [1];
        }

        return [.. text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int k) && k >= 1 && k <= samples
            ? k
            : throw new UsageException($"--k holds '{part}', expected whole numbers from 1 to {most}.")).Distinct()];
    }
}
