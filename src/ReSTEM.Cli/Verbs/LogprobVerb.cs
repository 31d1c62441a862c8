using System.CommandLine;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem logprob</c>.</summary>
internal static class LogprobVerb
{
    internal static Command Create()
    {
        var model = InputOutput.Model();
        var input = InputOutput.Input();
        var output = InputOutput.Output();
        var computing = new EngineArguments();
        var verb = new Command(
            "logprob",
            "Scores rows {ids, mask?}, {prompt, completion, mask?}, or what sample wrote, {prompt_ids, ids, mask?}: per-token log-probabilities " +
            "and nll, the mean over masked tokens.\n\n" +
            "mask[t] = 1 counts the prediction of token t. Without a mask every token after the first counts, of a completion each of its own.\n\n" +
            "Example: restem logprob --model DIR --input rows.jsonl --output scores.jsonl")
        {
            model, input, output,
        };
        computing.AddTo(verb, samples: false);
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            parsed.GetValue(model)!, parsed.GetValue(input)!, parsed.GetValue(output)!, computing.Over(parsed, new EngineConfig()), cancellationToken)));
        return verb;
    }

    private static int Run(string model, string input, string output, EngineConfig computing, CancellationToken cancellationToken)
    {
        IEngine engine = EngineWiring.Create(computing, trains: false).Engine;
        if (!engine.Capabilities.LogProbabilities)
        {
            throw new UsageException($"--engine is {engine.Fingerprint.Name}, expected one that scores given tokens: that one does not.");
        }

        using var target = OutputFile.Open("--output", output, input);
        var (named, info) = Given.Model(engine, "--model", model);
        var rows = JsonLines.Read("--input", input).Rows().Select(row => Scored(info, row)).ToList();
        using IPolicy policy = Given.Read($"--model '{model}'", () => engine.Open(named));
        using var progress = new RowProgress("logprob", "rows", rows.Count, target);
        using var writer = new RowWriter(target);
        int next = 0;
        foreach (float[] logs in policy.LogProbabilities(rows.Select(row => row.Ids), cancellationToken))
        {
            writer.Write(Result(rows[next++], logs));
            progress.Advance(1, logs.Length);
        }

        writer.Complete();
        progress.Finish($"{rows.Count} rows scored");
        return ExitCode.Done;
    }

    private static Scoring Scored(ModelInfo model, JsonRow row)
    {
        var (ids, first) = Sequence(model, row);
        if (model.SequenceFault(ids) is { } fault)
        {
            throw new InvalidDataException($"{row.Place}: {fault}");
        }

        int[] mask = row.Integers("mask") ?? [.. Enumerable.Range(0, ids.Length).Select(t => t >= first ? 1 : 0)];
        return mask.Length != ids.Length
            ? throw new InvalidDataException($"{row.Place}: mask has {mask.Length} entries, expected {ids.Length}, one a token.")
            : mask.FirstOrDefault(value => value is not (0 or 1), 0) is not 0 and var wrong
                ? throw new InvalidDataException($"{row.Place}: mask holds {wrong}, expected 0 or 1.")
                : new Scoring(row, ids, mask);
    }

    /// <summary>The tokens of a row, and the first of them that counts.</summary>
    private static (int[] Ids, int First) Sequence(ModelInfo model, JsonRow row)
    {
        int[]? ids = row.Integers("ids");
        if (row.Integers("prompt_ids") is { } before)
        {
            int[] drawn = ids ?? throw new InvalidDataException($"{row.Place}: ids is missing beside prompt_ids, expected the token ids of the completion.");
            return ([.. before, .. drawn], Math.Max(1, before.Length));
        }

        if (ids is not null)
        {
            return (ids, 1);
        }

        int[] prompt = model.Encode(row.Text("prompt", "ids, or prompt and completion"), addSpecialTokens: true);
        return ([.. prompt, .. model.Encode(row.Completion(), addSpecialTokens: false)], Math.Max(1, prompt.Length));
    }

    private static Dictionary<string, object?> Result(Scoring row, float[] logs)
    {
        double sum = 0;
        int count = 0;
        for (int t = 1; t < logs.Length; t++)
        {
            sum -= row.Mask[t] * logs[t];
            count += row.Mask[t];
        }

        var result = PromptRows.Echo(row.Row).ToDictionary();
        if (row.Row.Value.TryGetProperty("index", out var index))
        {
            result["index"] = index;
        }

        result["ids"] = row.Ids;
        result["logprobs"] = logs;
        result["nll"] = count == 0 ? null : sum / count;
        return result;
    }

    private sealed record Scoring(JsonRow Row, int[] Ids, int[] Mask);
}
