using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// A row of our own form, or of one's own with fields of other names: <c>id</c>, <c>task</c>, <c>prompt</c>, <c>question</c> or
/// <c>messages</c>, <c>answer</c>, <c>choices</c>, <c>solution</c>, <c>metadata</c>. Other fields become metadata.
/// </summary>
internal static class ProblemRowReader
{
    /// <param name="row">The row.</param>
    /// <param name="options">What the fields are called, and the task where the row does not say it or is not asked.</param>
    internal static Problem Read(DataRow row, ProblemReadOptions options)
    {
        var fields = new OwnFields(options.Fields);
        string prompt = fields.PromptOf(row);
        Conversation? conversation = Conversation.Recognises(row, prompt) ? Conversation.Read(row, prompt) : null;
        string solution = row.Optional(fields.Solution);
        solution = solution.Length == 0 && conversation is { } said ? said.Reply : solution;
        IReadOnlyList<string> choices = row.Choices(fields.Choices);
        string answer = Answer(row, fields, ref solution);
        if (choices.Count > 0 && !choices.Contains(answer))
        {
            throw row.Bad(fields.Answer, $"'{DataRow.Shorten(answer)}'", $"one of the choices ({DataRow.Shorten(string.Join(", ", choices))})");
        }

        var metadata = ReadMetadata(row, fields, prompt);
        if (conversation is { System.Length: > 0 })
        {
            metadata["system"] = conversation.System;
        }

        return new Problem
        {
            Id = row.Has(fields.Id) ? row.NonBlank(fields.Id) : $"{DataNames.Stem(row.File)}/{row.Index}",
            Task = options.Task ?? ReadTask(row, fields.Task, options.TaskWhereMissing),
            Prompt = conversation?.Question ?? row.Text(prompt),
            Reference = answer,
            Choices = choices,
            Solution = solution,
            Metadata = metadata,
        };
    }

    private static string Answer(DataRow row, OwnFields fields, ref string solution)
    {
        if (row.Has(fields.Answer) || solution.Length == 0)
        {
            string answer = row.Text(fields.Answer).Trim();
            string? worked = fields.AnswerIsNamed ? WorkedAnswer.Of(answer) : null;
            solution = worked is not null && solution.Length == 0 ? row.Text(fields.Answer) : solution;
            return worked ?? answer;
        }

        return WorkedAnswer.Of(solution)
            ?? throw row.Bad(fields.Answer, "missing, and the solution has neither '####' nor a \\boxed answer that is closed", "one of them");
    }

    private static TaskKind ReadTask(DataRow row, string field, TaskKind? missing) => row.Has(field) ? row.Text(field) switch
    {
        "math" => TaskKind.Math,
        "choice" => TaskKind.Choice,
        var other => throw row.Bad(field, $"'{DataRow.Shorten(other)}'", "'math' or 'choice'"),
    }
    : missing ?? throw row.Bad(field, "missing", "'math' or 'choice'; give it in the row, or as task of the files in the configuration");

    private static Dictionary<string, string> ReadMetadata(DataRow row, OwnFields fields, string prompt)
    {
        Dictionary<string, string> metadata = [];
        foreach (JsonProperty property in row.Element.EnumerateObject())
        {
            string name = row.Name(property);
            if (!fields.Knows(name, prompt))
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
