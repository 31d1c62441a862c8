using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.Cli;

/// <summary>A prompt to sample from.</summary>
/// <param name="Echo">What every output row repeats of it, in order.</param>
/// <param name="Key">Names it among the prompts, and keys its random numbers.</param>
/// <param name="Problem">Whose prompt it is; empty for a row that names none.</param>
/// <param name="Text">As text, special tokens of a chat written out; null where only ids were given.</param>
/// <param name="Ids">As token ids.</param>
internal sealed record PromptRow(
    IReadOnlyList<KeyValuePair<string, object?>> Echo, string Key, string Problem, string? Text, IReadOnlyList<int> Ids);

/// <summary>The prompts of <c>restem sample</c>.</summary>
internal static class PromptRows
{
    /// <summary>Fields that say which row or problem something is of; every verb hands them on.</summary>
    internal static readonly string[] Names = ["id", "problem_id", "task_id"];

    /// <summary>Of rows with <c>prompt</c>, <c>ids</c> or <c>messages</c>.</summary>
    /// <exception cref="InvalidDataException">A row cannot be sampled from.</exception>
    internal static IReadOnlyList<PromptRow> Of(ModelInfo model, ChatRows chat, JsonLines input) => [.. input.Rows().Select((row, number) =>
    {
        IReadOnlyList<int>? ids = row.Integers("ids");
        string? text = ids is not null ? null
            : ChatRows.Is(row) ? chat.Render(row, addsGenerationPrompt: true)
            : row.Text("prompt", "prompt, ids or messages");
        ids ??= model.Encode(text!, addSpecialTokens: !ChatRows.Is(row));
        return model.PromptFault(ids) is { } fault
            ? throw new InvalidDataException($"{row.Place}: {fault}")
            : new PromptRow([.. Echo(row)], Invariant(number), "", text, ids);
    })];

    /// <summary>Of problems.</summary>
    /// <exception cref="InvalidDataException">Some prompts do not fit the model, or its chat template cannot be used.</exception>
    internal static IReadOnlyList<PromptRow> Of(ModelInfo model, PromptOptions options, IReadOnlyList<ProblemSet> sets)
    {
        List<Problem> problems = [.. sets.SelectMany(set => set.Problems)];
        if (problems.CountBy(problem => problem.Id).FirstOrDefault(id => id.Value > 1).Key is { } twice)
        {
            throw new InvalidDataException($"--problems has the id '{twice}' in two files, expected it once; sample one file after the other.");
        }

        var ids = Prompts.Encode(model, problems, options, isUntrained: true);
        var chat = options.Chat is null ? null : new ChatFormat(model, options);
        return [.. problems.Select((problem, number) => new PromptRow(
            [KeyValuePair.Create<string, object?>("problem_id", problem.Id)], problem.Id, problem.Id,
            chat is null ? options.Build(problem, isUntrained: true) : chat.Render(problem, isUntrained: true), ids[number]))];
    }

    /// <summary>The fields of a row that say which it is.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> Echo(JsonRow row) => Names
        .Where(name => row.Value.TryGetProperty(name, out _))
        .Select(name => KeyValuePair.Create<string, object?>(name, row.Value.GetProperty(name)));

    private static string Invariant(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
