using System.CommandLine;
using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Cli.Verbs;

/// <summary><c>restem sample</c>.</summary>
internal static class SampleVerb
{
    private const int RequestsPerPart = 1 << 14;

    internal static Command Create()
    {
        var model = InputOutput.Model();
        var input = InputOutput.Input();
        var output = InputOutput.Output();
        var sampling = new SamplingArguments();
        var samples = new Option<int>("--samples") { Description = "Completions per row.", DefaultValueFactory = _ => 1 };
        var seed = new Option<long>("--seed") { Description = "Keys the random numbers.", DefaultValueFactory = _ => 1 };
        var threads = InputOutput.Threads();
        var verb = new Command(
            "sample",
            "Draws completions for rows {prompt}, {ids} or {messages, ...}; the last through the model's chat template, the assistant's turn begun.\n\n" +
            "Example: restem sample --model DIR --input prompts.jsonl --output samples.jsonl --samples 8 --temperature 0.7 --top-k 40")
        {
            model, input, output, samples, seed, threads,
        };
        sampling.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            int count = InputOutput.InRange("--samples", parsed.GetValue(samples), 1, RandomStream.MaxSample + 1);
            ulong key = (ulong)InputOutput.InRange("--seed", parsed.GetValue(seed), 0, long.MaxValue);
            SamplingOptions options = sampling.Read(parsed);
            IEngine engine = EngineWiring.Create(parsed.GetValue(threads));
            PolicyRef named = engine.Resolve(parsed.GetValue(model)!);
            var rows = Rows(engine.Describe(named), new ChatRows(named.Folder), parsed.GetValue(input)!);
            using IPolicy policy = engine.Open(named);
            await DrawAsync(policy, rows, count, options, key, parsed.GetValue(output)!, cancellationToken);
            return ExitCode.Done;
        });
        return verb;
    }

    private static List<(JsonRow Row, IReadOnlyList<int> Ids)> Rows(ModelInfo model, ChatRows chat, string input)
    {
        var rows = new List<(JsonRow Row, IReadOnlyList<int> Ids)>();
        foreach (JsonRow row in JsonLines.Read(input))
        {
            IReadOnlyList<int> ids = row.Integers("ids") ?? (ChatRows.Is(row)
                ? model.Encode(chat.Render(row, addsGenerationPrompt: true), addSpecialTokens: false)
                : model.Encode(
                    row.Text("prompt") ?? throw new InvalidDataException($"{row.Place}: prompt is missing, expected prompt, ids or messages."),
                    addSpecialTokens: true));
            if (model.PromptFault(ids) is { } fault)
            {
                throw new InvalidDataException($"{row.Place}: {fault}");
            }

            rows.Add((row, ids));
        }

        return rows;
    }

    private static async Task DrawAsync(
        IPolicy policy, List<(JsonRow Row, IReadOnlyList<int> Ids)> rows, int count, SamplingOptions options, ulong seed,
        string output, CancellationToken cancellationToken)
    {
        var random = RandomStream.Of(seed, RandomPurpose.Sample);
        var requests = rows.SelectMany((row, number) => Enumerable.Range(0, count).Select(index => new SampleRequest
        {
            ProblemId = number.ToString(CultureInfo.InvariantCulture),
            Index = index,
            PromptIds = row.Ids,
            Options = options,
            Random = random.At(0, number.ToString(CultureInfo.InvariantCulture), index),
        }));
        using var writer = new RowWriter(output);
        await foreach (Completion completion in policy.SampleInOrderAsync(requests, RequestsPerPart, cancellationToken))
        {
            writer.Write(Row(rows[int.Parse(completion.ProblemId, CultureInfo.InvariantCulture)].Row, completion));
        }

        writer.Complete();
    }

    private static object Row(JsonRow input, Completion completion)
    {
        var row = new Dictionary<string, object?>();
        foreach (string name in (string[])["id", "problem_id", "task_id"])
        {
            if (input.Value.TryGetProperty(name, out var id))
            {
                row[name] = id;
            }
        }

        row["index"] = completion.Index;
        row["ids"] = completion.TokenIds;
        row["text"] = completion.Text;
        row["finish_reason"] = completion.FinishReason switch
        {
            FinishReason.EndOfText => "end_of_text",
            FinishReason.StopString => "stop",
            FinishReason.MaxTokens => "max_tokens",
            _ => "context_full",
        };
        row["logprob"] = completion.LogProbability;
        return row;
    }
}
