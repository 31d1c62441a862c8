using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem check</c>.</summary>
internal static class CheckVerb
{
    private const int PromptsShown = 3;

    internal static Command Create()
    {
        var config = InputOutput.Config("configs/quickstart.yaml");
        var set = InputOutput.Set();
        var verb = new Command(
            "check",
            "Finds out everything that can be known before a run spends anything: configuration, data, model, prompt lengths, memory, disk, sandbox.\n\n" +
            "Shows three prompts token by token, and what of their training sequences counts in the loss.\n\n" +
            "Example: restem check configs/quickstart.yaml")
        {
            config, set,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(config)!, parsed.GetValue(set)!, cancellationToken));
        return verb;
    }

    private const int MostTestsTried = 200;

    private static async Task<int> RunAsync(string path, string[] overrides, CancellationToken cancellationToken)
    {
        var plan = RunPlan.Read(path, overrides);
        Line("config", $"{path}: run '{plan.Config.Name}', seed {plan.Config.Seed}, {plan.Config.Iterations} iterations");
        IEngine engine = EngineWiring.Create(plan.Config.Engine);
        PolicyRef policy = engine.Resolve(plan.BaseFolder);
        ModelInfo model = engine.Describe(policy);
        Line("model", Text($"{plan.Config.Base}: {model.Description}, {model.ParameterCount:N0} parameters, context {model.ContextLength}"));
        Line("tokenizer", $"{model.VocabularySize:N0} tokens, end of text {model.EndOfTextId}");
        int longest = CheckProblems(plan, model);
        ShowPrompts(plan, model);
        var needs = PlannedMemory.Of(plan, engine, policy, longest);
        CheckMemory(needs, plan);
        engine.Open(policy).Dispose(); // the weights themselves can be read, now that they are known to fit
        CheckDisk(needs?.Trained ?? (model.ParameterCount * sizeof(float)), plan);
        await using var verifiers = await Verifiers.CreateAsync(plan, cancellationToken);
        Line("verifiers", string.Join(", ", Tasks(plan).Select(task => task.ToString().ToLowerInvariant())) + ": ready");
        await CheckTestsAsync(plan, verifiers, cancellationToken);
        Console.WriteLine("all checks passed");
        return ExitCode.Done;
    }

    /// <summary>Tries the tests of code problems, of many problems some from all over them: no reward comes of tests that accept anything.</summary>
    private static async Task CheckTestsAsync(RunPlan plan, Verifiers verifiers, CancellationToken cancellationToken)
    {
        List<Problem> code = [.. plan.Problems.All.Where(problem => problem.Task is TaskKind.Code)];
        if (code.Count == 0)
        {
            return;
        }

        int tried = Math.Min(code.Count, MostTestsTried);
        var faults = new ConcurrentBag<string>();
        await Parallel.ForAsync(0, tried, cancellationToken, async (index, token) =>
        {
            Problem problem = code[(int)((long)index * code.Count / tried)];
            if (await verifiers.FaultOfTestsAsync(problem, token) is { } fault)
            {
                string details = string.Join(", ", fault.Evidence.Select(detail => $"{detail.Key} {detail.Value.ReplaceLineEndings(" ")}"));
                faults.Add($"'{problem.Id}' is of no use: {fault.Reason} ({details}); name it under exclude.");
            }
        });
        ProblemFaults.Throw($"tests that cannot be used, of {tried} tried", [.. faults.Order(StringComparer.Ordinal)]);
        Line("tests", Text($"{tried:N0} of {code.Count:N0} code problems tried, none accepts anything"));
    }

    private static void ShowPrompts(RunPlan plan, ModelInfo model)
    {
        PromptOptions options = plan.Drawing.Prompt;
        if (options.Chat is { } chat)
        {
            int end = new ChatFormat(model, options).EndTokenId;
            Line("chat", $"{(chat.Template is { } given ? given.Name : "the model's own template")}, the assistant's turn ends with {model.Show([end])} ({end})");
        }

        foreach (string line in plan.Problems.Train.Take(PromptsShown).SelectMany(problem => PromptPreview.Lines(model, options, problem)))
        {
            Console.WriteLine($"  {line}");
        }
    }

    /// <returns>Tokens of the longest prompt.</returns>
    private static int CheckProblems(RunPlan plan, ModelInfo model)
    {
        plan.RequirePromptsToFit(model);
        int longest = plan.Problems.All.Max(problem => Prompts.Encode(model, problem, plan.Drawing.Prompt, isUntrained: true).Length);
        var sets = plan.Problems.Evaluations.Select(set => Text($"{set.Name} {set.Problems.Count:N0}"))
            .Prepend(Text($"validation {plan.Problems.Validation.Count:N0}"))
            .Prepend(Text($"train {plan.Problems.Train.Count:N0}"));
        Line("problems", string.Join(", ", sets) + "; no training problem is held out elsewhere");
        int room = model.ContextLength - longest;
        Line("prompts", Text($"longest {longest} tokens, {room} left for a completion (e_step.sampling.max_tokens {plan.Config.EStep.Sampling.MaxTokens})"));
        Line("e-step", Text($"{(long)plan.Problems.Train.Count * plan.Config.EStep.Samples:N0} samples an iteration"));
        return longest;
    }

    private static void CheckMemory(MemoryEstimate? needs, RunPlan plan)
    {
        if (needs is not { } memory)
        {
            Line("memory", "not known for this engine");
            return;
        }

        long have = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string remedy = plan.Config.MStep.Adapter is not null ? "use a smaller model or a machine with more memory"
            : "train an adapter (m_step.adapter), recompute activations (m_step.optimizer.recompute_activations), or use a smaller model";
        Require("memory", $"sampling {Megabytes(memory.Sampling)}, training {Megabytes(memory.Training)}", memory.Peak, have, remedy);
    }

    private static void CheckDisk(long policyBytes, RunPlan plan)
    {
        long need = (plan.Config.Iterations + 5L) * policyBytes; // policies, and the trainer's state: values, two moments, the best epoch
        string place = Directory.Exists("runs") ? "runs" : ".";
        Require("disk", Megabytes(need), need, new DriveInfo(Path.GetFullPath(place)).AvailableFreeSpace, "free some space");
    }

    private static void Require(string what, string needed, long need, long have, string remedy)
    {
        string text = $"about {needed} needed, {Megabytes(have)} available";
        Line(what, need <= have ? text : throw new InvalidOperationException($"{what}: {text}; {remedy}."));
    }

    private static IEnumerable<TaskKind> Tasks(RunPlan plan) => plan.Problems.All.Select(problem => problem.Task).Distinct().Order();

    private static string Megabytes(long bytes) => Text($"{bytes / (double)(1 << 20):N0} MiB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(string name, string value) => Console.WriteLine($"{name,-12}{value}");
}
