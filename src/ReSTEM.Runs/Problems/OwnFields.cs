namespace ReSTEM.Runs;

/// <summary>The fields in which a row of own data has what a problem needs.</summary>
/// <param name="names">Names that were given; the others are those that the fields have here.</param>
internal readonly struct OwnFields(FieldNames? names)
{
    internal string Answer => names?.Answer ?? "answer";

    internal string Solution => names?.Solution ?? "solution";

    internal string Choices => names?.Choices ?? "choices";

    internal string Id => names?.Id ?? "id";

    internal string Task => names?.Task ?? "task";

    /// <summary>Whether the answer may be a worked one: then its field was named, and is whatever the data set has.</summary>
    internal bool AnswerIsNamed => names?.Answer is not null;

    /// <summary>The field with the problem; that of messages where there is no text of it.</summary>
    /// <exception cref="InvalidDataException">There are two.</exception>
    internal string PromptOf(DataRow row)
    {
        if (names?.Prompt is { } named)
        {
            return named;
        }

        if (row.Has("prompt") && row.Has("question"))
        {
            throw row.Bad("question", "there beside prompt", "one of them");
        }

        return row.Has("question") ? "question" : row.Has("prompt") || !row.Has("messages") ? "prompt" : "messages";
    }

    /// <summary>Whether a field is part of the problem and no metadata.</summary>
    internal bool Knows(string field, string prompt) =>
        field == prompt || field == Answer || field == Solution || field == Choices || field == Id || field == Task || field == "metadata";
}
