using System.CommandLine;
using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Reporting;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem eval</c>.</summary>
internal static class EvalVerb
{
    private static readonly Argument<string?> Config = new("CONFIG")
    {
        Description = "Run configuration whose evaluation sets are measured; or give --model and --problems.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string[]> Set = InputOutput.Set();
    private static readonly Option<string?> Model = new("--model") { Description = "Hugging Face model folder; with CONFIG the default is its base model." };
    private static readonly Option<string?> Compare = new("--compare") { Description = "A second model folder, for paired differences." };

    private static readonly Option<string[]> Files = new("--problems")
    {
        Description = "Problem files in a published form.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<int> Samples = new("--samples") { Description = "Completions per problem; 0 measures greedy only.", DefaultValueFactory = _ => 8 };
    private static readonly Option<string> K = new("--k") { Description = "Every k of pass@k and maj@k, for example 1,8.", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Template = new("--template") { Description = "Text around the problem; holds {prompt}; \\n is a line break.", DefaultValueFactory = _ => PromptOptions.Slot };
    private static readonly Option<bool> Chat = new("--chat") { Description = "Ask through the model's chat template." };
    private static readonly Option<string> System = new("--system") { Description = "With --chat: what the system says first.", DefaultValueFactory = _ => "" };
    private static readonly Option<int> Limit = new("--limit") { Description = "Problems drawn at random; 0 takes all.", DefaultValueFactory = _ => 0 };
    private static readonly Option<long> Seed = new("--seed") { Description = "Keys the random numbers.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Threads = InputOutput.Threads();
    private static readonly Option<bool> Json = InputOutput.Json();
    private static readonly SamplingArguments Sampling = new();
    private static readonly SandboxArguments Sandbox = new();
    private static readonly AnswerArguments Answers = new();

    internal static Command Create()
    {
        var verb = new Command(
            "eval",
            "Measures pass@k, maj@k and greedy accuracy with 95 % intervals.\n\n" +
            "Samples go to a folder below runs, so an interrupted evaluation goes on where it stopped.\n\n" +
            "Examples: restem eval configs/quickstart.yaml --compare runs/quickstart/iterations/003/policy\n" +
            "          restem eval --model DIR --problems test.jsonl --samples 32 --k 1,8,32 --temperature 1 --top-p 0.95")
        {
            Config, Set, Model, Compare, Files, Samples, K, Template, Chat, System, Limit, Seed, Threads, Json,
        };
        Sampling.AddTo(verb);
        Sandbox.AddTo(verb);
        Answers.AddTo(verb);
        verb.SetAction(RunAsync);
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        RefuseWithoutEffect(parsed);
        EvalPlan plan = parsed.GetValue(Config) is { } path
            ? EvalPlan.FromConfig(path, parsed.GetValue(Set)!, parsed.GetValue(Model), parsed.GetValue(Compare))
            : FromOptions(parsed);
        bool json = parsed.GetValue(Json);
        IEngine engine = EngineWiring.Create(parsed.GetValue(Threads));
        await using var verifiers = await Verifiers.CreateAsync(
            plan.Sets.SelectMany(set => set.Problems), plan.Verifier, cancellationToken);
        RunIdentity identity = plan.Identity(engine, verifiers.Verifier);
        string resolved = string.Concat(identity.Parts.Select(part => $"# {part.Key}: {part.Value}\n"));
        using var folder = RunFolder.Open(Path.Combine("runs", "eval-" + identity.Digest[..12]), identity, resolved);
        using (var progress = ProgressOutput.Create())
        {
            await MeasureAsync(plan, engine, verifiers.Verifier, folder.Ledger, progress.Progress, cancellationToken);
        }

        var view = new RunView
        {
            Name = "evaluation",
            Seed = plan.Seed,
            Iterations = plan.Models.Count - 1,
            Evaluations = plan.Sets,
            Verifier = verifiers.Verifier,
            Models = plan.Models,
            Command = Environment.CommandLine,
        };
        SummaryOutput.Write(SummaryReader.Read(folder.Ledger, view), json);
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
            PolicyRef model = engine.Resolve(plan.Models[m]);
            using var policy = new PromptedPolicy(engine.Open(model), engine.Describe(model), IsUntrained: m == 0);
            foreach (EvaluationSet set in plan.Sets)
            {
                var drawing = new Drawing(verifier, ledger.Samples, clock, plan.Drawing, verdicts);
                await new Evaluation(verifier, ledger.Samples, ledger.Measures, plan.Seed).RunAsync(drawing, () => policy, set, m, clock, cancellationToken);
            }
        }
    }

    // What a configuration says is not said by options, and the other way round.
    private static void RefuseWithoutEffect(ParseResult parsed)
    {
        bool configured = parsed.GetValue(Config) is not null;
        Option[] always = [Model, Compare, Threads, Json];
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
        string model = parsed.GetValue(Model) ?? throw new UsageException("--model is missing, expected CONFIG, or --model and --problems.");
        string[] files = parsed.GetValue(Files)!;
        if (files.Length == 0)
        {
            throw new UsageException("--problems is missing, expected at least one problem file.");
        }

        int samples = InputOutput.InRange("--samples", parsed.GetValue(Samples), 0, MajorityVote.MaxDrawn);
        var measure = new EvaluationOptions { Samples = samples, Sampling = Sampling.Read(parsed), K = Ks(parsed.GetValue(K)!, samples) };
        var prompt = new PromptOptions
        {
            Template = parsed.GetValue(Template)!.Replace("\\n", "\n", StringComparison.Ordinal),
            Chat = parsed.GetValue(Chat) ? new ChatOptions { System = parsed.GetValue(System)! } : null,
        };
        if (prompt.Chat is null && parsed.GetValue(System)!.Length > 0)
        {
            throw new UsageException("--system has no effect without --chat, expected both.");
        }

        ulong seed = (ulong)InputOutput.InRange("--seed", parsed.GetValue(Seed), 0, long.MaxValue);
        var judging = Sandbox.Read(parsed) with { LastNumber = Answers.LastNumber(parsed) };
        return EvalPlan.FromFiles(model, parsed.GetValue(Compare), files, parsed.GetValue(Limit), measure, prompt, judging, seed);
    }

    private static int[] Ks(string text, int samples)
    {
        if (text.Length == 0)
        {
            return samples > 1 ? [1, samples] : [1];
        }

        return [.. text.Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int k) && k >= 1 && k <= samples
            ? k
            : throw new UsageException($"--k holds '{part}', expected whole numbers from 1 to --samples ({samples})."))];
    }
}
