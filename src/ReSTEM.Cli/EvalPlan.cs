using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>An evaluation before it begins.</summary>
internal sealed class EvalPlan
{
    private EvalPlan(IReadOnlyList<string> models, IReadOnlyList<EvaluationSet> sets, PromptOptions prompt, VerifierConfig verifier, ulong seed)
    {
        Models = models;
        Sets = sets;
        Verifier = verifier;
        Seed = seed;
        Options = new LoopOptions
        {
            Seed = seed,
            Iterations = models.Count - 1,
            BaseFolder = models[0],
            Prompt = prompt,
            EStep = new EStepOptions(),
            MStep = new MStepOptions(),
            Validation = new ValidationOptions(),
            TrainGapSamples = 0,
            VerifierFailureLimit = verifier.FailureLimit,
            VerifierWorkers = Environment.ProcessorCount,
        };
    }

    internal IReadOnlyList<string> Models { get; }

    internal IReadOnlyList<EvaluationSet> Sets { get; }

    internal VerifierConfig Verifier { get; }

    internal ulong Seed { get; }

    internal LoopOptions Options { get; }

    /// <summary>The evaluation sets of a run configuration; every set is measured, whatever its <c>at</c>.</summary>
    internal static EvalPlan FromConfig(string path, string[] overrides, string? model, string? compare)
    {
        var plan = RunPlan.Read(path, overrides);
        if (plan.Problems.Evaluations.Count == 0)
        {
            throw new UsageException($"{path} has no evaluations, expected at least one set; or give --model and --problems.");
        }

        return new EvalPlan(
            Both(model ?? plan.Options.BaseFolder, compare), plan.Problems.Evaluations, plan.Options.Prompt, plan.Config.Verifier, plan.Options.Seed);
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
    internal string Identity(IPolicyLoader loader)
    {
        var text = new StringBuilder();
        foreach (string model in Models)
        {
            using IPolicy policy = loader.Load(model);
            text.Append(CultureInfo.InvariantCulture, $"# model {model}: {policy.Fingerprint.WeightsSha256}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"seed: {Seed}\ntemplate: {Digest(Options.Prompt.Build(Shape, forBase: true))}\n");
        foreach (EvaluationSet set in Sets)
        {
            string problems = string.Concat(set.Problems.Select(problem => $"{problem.Id}\0{problem.Prompt}\0{problem.Reference}\0"));
            text.Append(CultureInfo.InvariantCulture, $"{set.Name}:\n  problems: {Digest(problems)}\n");
            text.Append(ConfigWriter.Write(set.Options));
        }

        return text.ToString();
    }

    internal static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static Problem Shape { get; } = new() { Id = "shape", Task = TaskKind.Math, Prompt = PromptOptions.Slot };

    private static string[] Both(string model, string? compare) => compare is null ? [model] : [model, compare];
}
