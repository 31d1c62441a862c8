using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>An evaluation before it begins.</summary>
/// <param name="Models">Folders of one model, or of two to compare.</param>
/// <param name="Sets">What is measured.</param>
/// <param name="Prompt">How a problem becomes a prompt.</param>
/// <param name="Verifier">How answers are judged.</param>
/// <param name="Seed">Keys the random numbers.</param>
internal sealed record EvalPlan(
    IReadOnlyList<string> Models, IReadOnlyList<EvaluationSet> Sets, PromptOptions Prompt, VerifierConfig Verifier, ulong Seed)
{
    /// <summary>What every draw has in common.</summary>
    internal DrawingOptions Drawing => new()
    {
        Prompt = Prompt,
        VerifierFailureLimit = Verifier.FailureLimit,
        VerifierWorkers = Environment.ProcessorCount,
    };

    /// <summary>The evaluation sets of a run configuration; every set is measured, whatever its <c>at</c>.</summary>
    internal static EvalPlan FromConfig(string path, string[] overrides, string? model, string? compare)
    {
        var plan = Fitted(RunPlan.Read(path, overrides), model, compare);
        return plan.Problems.Evaluations.Count > 0
            ? new EvalPlan(
                Both(model ?? plan.BaseFolder, compare), plan.Problems.Evaluations, plan.Drawing.Prompt, plan.Config.Verifier, plan.Seed)
            : throw new UsageException($"{path} has no evaluations, expected at least one set; or give --model and --problems.");
    }

    /// <summary>Leaves out what the configuration says may be left out, for the models that are measured.</summary>
    private static RunPlan Fitted(RunPlan plan, string? model, string? compare)
    {
        if (plan.Config.Problems.OnLongPrompt is not LongPrompt.Skip)
        {
            return plan;
        }

        IEngine engine = EngineWiring.Create(plan.Config.Engine);
        var (fitted, fit) = plan.FittedTo([.. Both(model ?? plan.BaseFolder, compare).Select(folder => engine.Describe(engine.Resolve(folder)))], LoadWatch.None);
        foreach (string line in fit.Lines(plan.Problems))
        {
            Console.Error.WriteLine(line);
        }

        return fitted;
    }

    /// <summary>Problem files, each a set named after the file.</summary>
    internal static EvalPlan FromFiles(
        string model, string? compare, string[] files, int limit, EvaluationOptions measure, PromptOptions prompt, VerifierConfig verifier, ulong seed)
    {
        var sets = files.Select(file =>
        {
            string name = Path.GetFileName(file).Split('.')[0];
            return new EvaluationSet(name, ProblemSet.Load(name, new ProblemSource { Files = [file], Limit = limit }, seed).Problems, measure);
        }).ToList();
        var twice = sets.GroupBy(set => set.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? new EvalPlan(Both(model, compare), sets, prompt, verifier, seed)
            : throw new UsageException($"--problems has two files named '{twice.Key}', expected different names.");
    }

    /// <summary>What must be the same for an interrupted evaluation to go on.</summary>
    internal RunIdentity Identity(IEngine engine, IVerifier verifier)
    {
        var identity = RunIdentity.Empty
            .With("seed", Seed.ToString(CultureInfo.InvariantCulture))
            .With("prompt.template", Prompt.Template)
            .With("prompt.separator", Prompt.Separator)
            .With("prompt.use", Prompt.Use.ToString())
            .With("problems few-shot", Prompt.FewShot)
            .With("verifier.", Settings.ThatChangeResults(Verifier))
            .With(engine.Fingerprint)
            .With(verifier, Sets.SelectMany(set => set.Problems));
        for (int model = 0; model < Models.Count; model++)
        {
            PolicyRef policy = engine.Resolve(Models[model]);
            ModelInfo info = engine.Describe(policy);
            identity = identity.With($"model {model + 1}", policy, info);
            identity = Prompt.Chat is { } used ? identity.With($"model {model + 1} prompt.chat_template", used.DigestFor(info)) : identity;
        }

        identity = Prompt.Chat is { } chat
            ? identity.With("prompt.system", chat.System).With("prompt.date", chat.Date?.ToString("O", CultureInfo.InvariantCulture) ?? "")
            : identity;

        return Sets.Aggregate(identity, (all, set) => all
            .With($"problems {set.Name}", set.Problems)
            .With($"evaluations.{set.Name}.", Settings.ThatChangeResults(set.Options)));
    }

    private static string[] Both(string model, string? compare) => compare is null ? [model] : [model, compare];
}
