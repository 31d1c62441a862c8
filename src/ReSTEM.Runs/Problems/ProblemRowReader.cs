using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of our own JSONL: <c>id</c>, <c>task</c>, <c>prompt</c> or <c>question</c>, <c>answer</c>, <c>choices</c>, <c>solution</c>,
/// <c>metadata</c>. Other fields become metadata.
/// </summary>
internal static class ProblemRowReader
{
    private static readonly string[] KnownFields =
        ["id", "task", "prompt", "question", "answer", "choices", "solution", "metadata"];

    /// <param name="row">The row.</param>
    /// <param name="task">Stands in for the row's own task, which may then be absent.</param>
    internal static Problem Read(DataRow row, TaskKind? task)
    {
        if (row.Has("prompt") && row.Has("question"))
        {
            throw row.Bad("question", "there beside prompt", "one of them");
        }

        IReadOnlyList<string> choices = row.Texts("choices");
        string answer = row.Text("answer").Trim();
        if (choices.Count > 0 && !choices.Contains(answer))
        {
            throw row.Bad("answer", $"'{answer}'", $"one of the choices ({string.Join(", ", choices)})");
        }

        return new Problem
        {
            Id = row.NonBlank("id"),
            Task = task ?? ReadTask(row),
            Prompt = row.Text(row.Has("question") ? "question" : "prompt"),
            Reference = answer,
            Choices = choices,
            Solution = row.Optional("solution"),
            Metadata = ReadMetadata(row),
        };
    }

    private static TaskKind ReadTask(DataRow row) => row.Text("task") switch
    {
        "math" => TaskKind.Math,
        "choice" => TaskKind.Choice,
        var other => throw row.Bad("task", $"'{other}'", "'math' or 'choice'"),
    };

    private static Dictionary<string, string> ReadMetadata(DataRow row)
    {
        Dictionary<string, string> metadata = [];
        foreach (JsonProperty property in row.Element.EnumerateObject())
        {
            string name = row.Name(property);
            if (!KnownFields.Contains(name))
            {
                metadata[name] = row.AsMetadata(name, property.Value);
            }
        }

        if (!row.Has("metadata"))
        {
            return metadata;
        }

        JsonElement given = row.Element.GetProperty("metadata");
        if (given.ValueKind != JsonValueKind.Object)
        {
            throw row.Bad("metadata", DataRow.Shorten(given.GetRawText()), "an object");
        }

        foreach (JsonProperty property in given.EnumerateObject())
        {
            string name = row.Name(property);
            metadata[name] = row.AsMetadata($"metadata.{name}", property.Value);
        }

        return metadata;
    }
}
