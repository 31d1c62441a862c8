using System.CommandLine;
using ReSTEM.Core;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem logprob</c>.</summary>
internal static class LogprobVerb
{
    internal static Command Create()
    {
        var model = InputOutput.Model();
        var input = InputOutput.Input();
        var output = InputOutput.Output();
        var threads = InputOutput.Threads();
        var verb = new Command(
            "logprob",
            "Scores rows {ids, mask?} or {prompt, completion, mask?}: per-token log-probabilities and nll, the mean over masked tokens.\n\n" +
            "mask[t] = 1 counts the prediction of token t. Without a mask every token after the first counts, of a completion each of its own.\n\n" +
            "Example: restem logprob --model DIR --input rows.jsonl --output scores.jsonl")
        {
            model, input, output, threads,
        };
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            parsed.GetValue(model)!, parsed.GetValue(input)!, parsed.GetValue(output)!, parsed.GetValue(threads), cancellationToken)));
        return verb;
    }

    private static int Run(string model, string input, string output, int threads, CancellationToken cancellationToken)
    {
        IEngine engine = EngineWiring.Create(threads);
        PolicyRef named = engine.Resolve(model);
        ModelInfo info = engine.Describe(named);
        var rows = JsonLines.Read(input).Select(row => Scored(info, row)).ToList();
        using IPolicy policy = engine.Open(named);
        using var writer = new RowWriter(output);
        int next = 0;
        foreach (float[] logs in policy.LogProbabilities(rows.Select(row => row.Ids), cancellationToken))
        {
            writer.Write(Result(rows[next++], logs));
        }

        writer.Complete();
        return ExitCode.Done;
    }

    private static Scoring Scored(ModelInfo model, JsonRow row)
    {
        int[]? ids = row.Integers("ids");
        int first = 1;
        if (ids is null)
        {
            string prompt = row.Text("prompt") ?? throw new InvalidDataException($"{row.Place}: ids is missing, expected ids, or prompt and completion.");
            string completion = row.Text("completion") ?? throw new InvalidDataException($"{row.Place}: completion is missing, expected a text.");
            var before = model.Encode(prompt, addSpecialTokens: true);
            ids = [.. before, .. model.Encode(completion, addSpecialTokens: false)];
            first = Math.Max(1, before.Length);
        }

        if (model.SequenceFault(ids) is { } fault)
        {
            throw new InvalidDataException($"{row.Place}: {fault}");
        }

        int[] mask = row.Integers("mask") ?? [.. Enumerable.Range(0, ids.Length).Select(t => t >= first ? 1 : 0)];
        return mask.Length == ids.Length && mask.All(value => value is 0 or 1)
            ? new Scoring(row, ids, mask)
            : throw new InvalidDataException($"{row.Place}: mask has {mask.Length} entries, expected {ids.Length} of 0 or 1.");
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

        var result = new Dictionary<string, object?>();
        if (row.Row.Value.TryGetProperty("id", out var id))
        {
            result["id"] = id;
        }

        result["ids"] = row.Ids;
        result["logprobs"] = logs;
        result["nll"] = count == 0 ? null : sum / count;
        return result;
    }

    private sealed record Scoring(JsonRow Row, int[] Ids, int[] Mask);
}
