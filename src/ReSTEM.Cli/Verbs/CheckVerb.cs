using System.CommandLine;
using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Models;
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
            "Finds out everything that can be known before a run spends anything: configuration, data, model, prompt lengths, memory, disk, sandbox.\n\n" +
            "Example: restem check configs/quickstart.yaml")
        {
            config, set,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(set)!, cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(string path, string[] overrides, CancellationToken cancellationToken)
    {
        var plan = RunPlan.Read(path, overrides);
        Line("config", $"{path}: run '{plan.Config.Name}', seed {plan.Config.Seed}, {plan.Config.Iterations} iterations");
        var folder = plan.Options.BaseFolder;
        ModelConfig model = ModelConfigReader.Read(folder);
        long parameters = ModelFolder.Load(folder).Tensors.Sum(tensor => (long)tensor.Values.Length);
        Line("model", Text($"{plan.Config.Base}: {model.Architecture}, {parameters:N0} parameters, context {model.ContextLength}"));
        using IPolicy policy = Wiring.Loader(plan.Config.Engine.Threads).Load(folder);
        Line("tokenizer", $"{model.VocabularySize:N0} tokens, end of text {policy.EndOfTextId}");
        CheckProblems(plan, policy);
        CheckMemory(model, parameters, plan);
        CheckDisk(parameters, plan);
        await using var verifiers = await Verifiers.CreateAsync(plan, cancellationToken);
        Line("verifiers", string.Join(", ", Tasks(plan).Select(task => task.ToString().ToLowerInvariant())) + ": ready");
        Console.WriteLine("all checks passed");
        return ExitCode.Done;
    }

    private static void CheckProblems(RunPlan plan, IPolicy policy)
    {
        plan.CheckPrompts(policy);
        int longest = AllProblems(plan).Max(problem => policy.Encode(plan.Options.Prompt.Build(problem, forBase: true), true).Count);
        var sets = plan.Problems.Evaluations.Select(set => Text($"{set.Name} {set.Problems.Count:N0}"))
            .Prepend(Text($"validation {plan.Problems.Validation.Count:N0}"))
            .Prepend(Text($"train {plan.Problems.Train.Count:N0}"));
        Line("problems", string.Join(", ", sets) + "; no training problem is held out elsewhere");
        int room = policy.ContextLength - longest;
        Line("prompts", Text($"longest {longest} tokens, {room} left for a completion (e_step.sampling.max_tokens {plan.Options.EStep.Sampling.MaxTokens})"));
        Line("e-step", Text($"{(long)plan.Problems.Train.Count * plan.Options.EStep.Samples:N0} samples an iteration"));
    }

    private static void CheckMemory(ModelConfig model, long parameters, RunPlan plan)
    {
        // Weights twice (as read and packed); in training weights, gradient, two moments and the best epoch.
        long keysAndValues = 2L * model.LayerCount * model.KvDim * model.ContextLength * sizeof(float) * 64 * Wiring.ThreadCount(plan.Config.Engine.Threads);
        long need = Math.Max((2 * parameters * sizeof(float)) + keysAndValues, 5 * parameters * sizeof(float));
        long have = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Require("memory", need, have, "use a smaller model or a machine with more memory");
    }

    private static void CheckDisk(long parameters, RunPlan plan)
    {
        long need = (plan.Config.Iterations + 5L) * parameters * sizeof(float);
        string place = Directory.Exists("runs") ? "runs" : ".";
        Require("disk", need, new DriveInfo(Path.GetFullPath(place)).AvailableFreeSpace, "free some space");
    }

    private static void Require(string what, long need, long have, string remedy)
    {
        string text = Text($"about {Megabytes(need)} needed, {Megabytes(have)} available");
        Line(what, need <= have ? text : throw new InvalidOperationException($"{what}: {text}; {remedy}."));
    }

    private static IEnumerable<Problem> AllProblems(RunPlan plan) =>
        plan.Problems.Train.Concat(plan.Problems.Validation).Concat(plan.Problems.Evaluations.SelectMany(set => set.Problems));

    private static IEnumerable<TaskKind> Tasks(RunPlan plan) => AllProblems(plan).Select(problem => problem.Task).Distinct().Order();

    private static string Megabytes(long bytes) => Text($"{bytes / (double)(1 << 20):N0} MiB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(string name, string value) => Console.WriteLine($"{name,-12}{value}");
}
