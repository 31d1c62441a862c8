using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>What a model is given.</summary>
public enum PromptFormat
{
    /// <summary>A text to go on with.</summary>
    Completion,

    /// <summary>A conversation, through the model's chat template.</summary>
    Chat,
}

/// <summary>How a problem becomes a prompt. Keys that only a chat has are null where they are not given, and then no part of a run's identity.</summary>
public sealed record PromptConfig
{
    /// <summary>What a model is given; null, which is completion, or chat.</summary>
    public PromptFormat? Format { get; init => field = value is PromptFormat.Completion ? null : value; }

    /// <summary>Text around the problem; holds <c>{prompt}</c> once.</summary>
    public string Template { get; init; } = PromptOptions.Slot;

    /// <summary>With chat: what the system says first.</summary>
    public string? System { get; init; }

    /// <summary>With chat: a template file in place of the model's own.</summary>
    [Place]
    public string? ChatTemplate { get; init; }

    /// <summary>With chat: the date that templates with <c>strftime_now</c> write, as 2026-01-31.</summary>
    [RegularExpression("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")]
    public string? Date { get; init; }

    /// <summary>Problem file whose problems, with their solutions, are shown before each problem; empty for a zero-shot prompt.</summary>
    [Place]
    public string FewShot { get; init; } = "";

    /// <summary>What the fields of that file are called.</summary>
    [Place]
    public FieldNames? FewShotFields { get; init; }

    /// <summary>How many of that file's problems are shown, from its start.</summary>
    [Range(1, 1000)]
    public int FewShotCount { get; init; } = 4;

    /// <summary>Between an example's solution and what follows; without effect in a chat.</summary>
    public string Separator { get; init; } = "\n\n";

    /// <summary>Who sees the examples.</summary>
    public FewShotUse Use { get; init; } = FewShotUse.Base;

    /// <summary>How a problem becomes a prompt, with what the files hold that are named.</summary>
    /// <param name="home">Folder that relative paths begin at.</param>
    /// <exception cref="InvalidDataException">A file is missing, or holds less than is asked for.</exception>
    public PromptOptions Read(string home) => new()
    {
        Template = Template,
        Separator = Separator,
        Use = Use,
        FewShot = Examples(home),
        Chat = Chat(home),
    };

    /// <summary>The options of a chat; null for completion.</summary>
    /// <param name="home">Folder that relative paths begin at.</param>
    /// <exception cref="InvalidDataException">The template file is missing.</exception>
    public ChatOptions? Chat(string home) => Format is not PromptFormat.Chat ? null : new ChatOptions
    {
        System = System ?? "",
        Template = ChatTemplate is { } file ? new ChatTemplateText(Path.Combine(home, file), ReadTemplate(Path.Combine(home, file))) : null,
        Date = Date is { } date ? DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
    };

    /// <summary>Reports rules that span keys.</summary>
    internal void Check(Action<string, string> fault)
    {
        if (FewShotFields is not null && FewShot.Length == 0)
        {
            fault("prompt.few_shot_fields", "prompt.few_shot_fields is given without prompt.few_shot, expected both.");
        }

        if (Format is PromptFormat.Chat)
        {
            if (Date is not null && !DateOnly.TryParseExact(Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                fault("prompt.date", $"prompt.date is {Date}, expected a day of the calendar.");
            }

            return;
        }

        foreach (var (name, value) in new[] { ("system", System), ("chat_template", ChatTemplate), ("date", Date) })
        {
            if (value is not null)
            {
                fault($"prompt.{name}", $"prompt.{name} is given with prompt.format completion, expected it with chat only.");
            }
        }
    }

    private static string ReadTemplate(string path) => File.Exists(path)
        ? ChatTemplateText.Read(path).Text
        : throw new InvalidDataException($"{path} is missing, expected a chat template (prompt.chat_template).");

    private Problem[] Examples(string home)
    {
        if (FewShot.Length == 0)
        {
            return [];
        }

        string path = Path.Combine(home, FewShot);
        Problem[] examples = [.. ProblemFile.Read(path, new ProblemReadOptions { Fields = FewShotFields, TaskWhereMissing = TaskKind.Math }).Take(FewShotCount)];
        return examples.Length == FewShotCount && examples.All(example => example.Solution.Length > 0)
            ? examples
            : throw new InvalidDataException(
                $"{path}: {examples.Count(example => example.Solution.Length > 0)} of the first {FewShotCount} problems have a solution, expected all (prompt.few_shot_count).");
    }
}
