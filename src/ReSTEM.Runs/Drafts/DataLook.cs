using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>What a look at a problem file tells of how it is to be read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Task">Must be said, as the rows do not; null where they or their form do.</param>
/// <param name="Fields">Names that must be said; null where the fields are called as here or as published.</param>
/// <param name="Problems">What is in the file, read in this way.</param>
public sealed record DataLook(string Path, TaskKind? Task, FieldNames? Fields, IReadOnlyList<Problem> Problems)
{
    private static readonly string[] Prompts = ["prompt", "question", "problem", "instruction", "query", "input", "messages", "conversations", "text"];

    private static readonly string[] Answers =
    [
        "answer", "final_answer", "expected_answer", "correct_answer", "ground_truth", "reward_model.ground_truth", "extra_info.answer", "gold", "target", "label", "result",
    ];

    private static readonly string[] Solutions = ["solution", "rationale", "reasoning", "explanation", "response", "completion", "output", "generated_solution"];
    private static readonly string[] Ids = ["id", "uuid", "uid", "unique_id", "problem_id", "question_id"];
    private static readonly string[] ChoiceLists = ["choices", "options"];

    /// <summary>Looks at a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What its problems are expected to be.</param>
    /// <param name="given">Names of fields, where they are known.</param>
    /// <exception cref="InvalidDataException">It cannot be read as problems of this kind; what is there instead is named.</exception>
    public static DataLook Of(string path, TaskKind kind, FieldNames? given)
    {
        DataFile file = DataFile.Read(path);
        ProblemFormat? form = ProblemFile.FormOf(file);
        var (task, fields) = given is not null ? (kind, given)
            : form is ProblemFormat.Problems or null ? OfOwnRows(path, file, kind)
            : ((TaskKind?)null, (FieldNames?)null);
        var problems = ProblemFile.Read(path, new ProblemReadOptions { Task = task, Fields = fields });
        return problems.FirstOrDefault(problem => problem.Task != kind) is { } other
            ? throw new InvalidDataException($"{path}: '{other.Id}' is a problem of {Name(other.Task)}, expected {Name(kind)}; use restem init {Name(other.Task)}.")
            : new DataLook(path, task, fields, problems);
    }

    private static (TaskKind? Task, FieldNames? Fields) OfOwnRows(string path, DataFile file, TaskKind kind)
    {
        DataRow row = file.Rows().Cast<DataRow?>().FirstOrDefault() ?? throw new InvalidDataException($"{path}: the file holds no rows, expected problems.");
        TaskKind? task = row.Has("task") ? null : kind;
        string? prompt = First(row, Prompts);
        string? solution = First(row, Solutions, prompt);
        string? answer = First(row, Answers, prompt);
        bool isConversation = prompt is not null && Conversation.Recognises(row, prompt);
        if (kind is TaskKind.Code || prompt is null || (answer is null && solution is null && !isConversation))
        {
            string missing = kind is TaskKind.Code ? "tests in a form of docs/program-forms.md" : prompt is null ? "a field with the problem" : "a field with the answer";
            throw new InvalidDataException(
                $"{path}: {missing} is not told by the fields {DataRow.Shorten(string.Join(", ", row.Fields))}{(kind is TaskKind.Code ? "." : "; say it, for example --field prompt=NAME --field answer=NAME.")}");
        }

        string? id = First(row, Ids);
        string? choices = First(row, ChoiceLists);
        var names = new FieldNames
        {
            Prompt = prompt is "prompt" or "question" or "messages" ? null : prompt,
            Answer = answer is "answer" or null ? null : answer,
            Solution = solution is "solution" or null ? null : solution,
            Id = id is "id" or null ? null : id,
            Choices = kind is not TaskKind.Choice || choices is "choices" or null ? null : choices,
        };
        return (task, names == new FieldNames() ? null : names);
    }

    private static string? First(DataRow row, string[] names, string? except = null) => Array.Find(names, name => name != except && row.Has(name));

    private static string Name(TaskKind task) => ConfigNames.Of(task.ToString());
}
