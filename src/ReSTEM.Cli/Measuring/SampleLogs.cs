using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>
/// Every sample of an evaluation as JSONL in the form of lm-eval-harness's <c>--log_samples</c>: a file for each set, in it a row for
/// each problem and kind of draw, which stands where that program names a filter: <c>greedy</c> or <c>sampled</c>.
/// </summary>
internal sealed class SampleLogs
{
    private const string ExactMatch = "exact_match";
    private readonly string _folder;
    private readonly EvalPlan _plan;

    /// <summary>Makes the folder.</summary>
    /// <exception cref="UsageException">It cannot be made, or written in.</exception>
    internal SampleLogs(string folder, EvalPlan plan)
    {
        (_folder, _plan) = (folder, plan);
        if (string.IsNullOrWhiteSpace(folder) || folder == OutputFile.Standard || File.Exists(folder))
        {
            throw new UsageException($"--log-samples is '{folder}', expected a folder to make or write in.");
        }

        try
        {
            for (int model = 0; model < plan.Models.Count; model++)
            {
                Directory.CreateDirectory(FolderOf(model));
                OutputFile.Open("--log-samples", PathOf(model, plan.Sets[0])).Dispose();
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--log-samples is {folder}, which cannot be written: {Failure.Reason(fault)}.");
        }
    }

    /// <summary>Writes the samples of a finished evaluation.</summary>
    /// <returns>The files.</returns>
    internal IReadOnlyList<string> Write(IEngine engine, IVerifier verifier, RunLedger ledger)
    {
        var written = new List<string>();
        for (int model = 0; model < _plan.Models.Count; model++)
        {
            Func<Problem, string?> prompt = Prompts(engine, model);
            foreach (EvaluationSet set in _plan.Sets)
            {
                using var output = new RowWriter(OutputFile.Open("--log-samples", PathOf(model, set)));
                var values = new Evaluation(verifier, ledger.Samples, ledger.Measures, _plan.Seed).Values(set, model);
                foreach (var (number, problem) in set.Problems.Index())
                {
                    Write(output, ledger, set, model, number, problem, prompt(problem), values);
                }

                output.Complete();
                written.Add(PathOf(model, set));
            }
        }

        return written;
    }

    private string FolderOf(int model) => model == 0 ? _folder : Path.Combine(_folder, "compare");

    private string PathOf(int model, EvaluationSet set) => Path.Combine(FolderOf(model), $"samples_{set.Name}.jsonl");

    private Func<Problem, string?> Prompts(IEngine engine, int model)
    {
        bool isUntrained = model == 0;
        if (_plan.Given.Count > 0)
        {
            return _ => null;
        }

        if (_plan.Prompt.Chat is null)
        {
            return problem => _plan.Prompt.Build(problem, isUntrained);
        }

        var chat = new ChatFormat(engine.Describe(engine.Resolve(_plan.Models[model])), _plan.Prompt);
        return problem => chat.Render(problem, isUntrained);
    }

    private static void Write(
        RowWriter output, RunLedger ledger, EvaluationSet set, int model, int number, Problem problem, string? prompt,
        IReadOnlyDictionary<string, double[]> values)
    {
        if (set.Options.Greedy)
        {
            var samples = ledger.Samples.Judged(DrawId.Greedy(model, set.Name), problem.Id);
            var options = set.Options.Sampling with { Temperature = 0 };
            output.Write(Row(number, problem, prompt, options, "greedy", samples, [KeyValuePair.Create(ExactMatch, values[Metric.Greedy][number])]));
        }

        if (set.Options.Samples > 0)
        {
            var samples = ledger.Samples.Judged(DrawId.Sampled(model, set.Name), problem.Id);
            var metrics = values.Where(metric => metric.Key is not (Metric.Greedy or Metric.MacroF1)).Select(metric => KeyValuePair.Create(metric.Key, metric.Value[number]))
                .Prepend(KeyValuePair.Create(ExactMatch, samples.Average(sample => sample.IsCorrect ? 1.0 : 0)));
            output.Write(Row(number, problem, prompt, set.Options.Sampling, "sampled", samples, [.. metrics]));
        }
    }

    private static Dictionary<string, object?> Row(
        int number, Problem problem, string? prompt, SamplingOptions options, string filter, IReadOnlyList<Sample> samples,
        IReadOnlyList<KeyValuePair<string, double>> metrics)
    {
        var doc = new
        {
            id = problem.Id,
            task = problem.Task.ToString().ToLowerInvariant(),
            prompt = problem.Prompt,
            answer = problem.Reference,
            choices = problem.Choices,
            solution = problem.Solution,
            metadata = problem.Metadata,
        };
        string[] answers = [.. samples.Select(sample => sample.Finding.Answer)];
        var row = new Dictionary<string, object?>
        {
            ["doc_id"] = number,
            ["doc"] = doc,
            ["target"] = problem.Reference,
            ["arguments"] = prompt is null ? new { } : new { gen_args_0 = new { arg_0 = prompt, arg_1 = Generation(options) } },
            ["resps"] = new[] { samples.Select(sample => sample.Completion.Text) },
            ["filtered_resps"] = filter == "greedy" ? answers : new[] { answers },
            ["filter"] = filter,
            ["metrics"] = metrics.Select(metric => metric.Key),
            ["verdicts"] = new[] { samples.Select(sample => $"{sample.Finding.Verdict}: {sample.Finding.Reason}") },
            ["doc_hash"] = Hash(RowWriter.Text(doc)),
            ["prompt_hash"] = Hash(prompt ?? ""),
            ["target_hash"] = Hash(problem.Reference),
        };
        foreach (var (name, value) in metrics)
        {
            row[name] = value;
        }

        return row;
    }

    private static object Generation(SamplingOptions options) => new
    {
        until = options.Stop,
        max_gen_toks = options.MaxTokens,
        do_sample = options.Temperature > 0,
        temperature = options.Temperature,
        top_k = options.TopK,
        top_p = options.TopP,
    };

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
