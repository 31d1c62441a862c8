using System.Text.Json;
using ReSTEM.Models;

namespace ReSTEM.Cli;

/// <summary>Rows <c>{messages, tools?, add_generation_prompt?, ...}</c>: all their fields are variables of the model's chat template.</summary>
/// <param name="folder">The model.</param>
internal sealed class ChatRows(string folder)
{
    private ChatTemplate? _plain;
    private ChatTemplate? _withTools;

    internal static bool Is(JsonRow row) => row.Value.TryGetProperty("messages", out _);

    /// <summary>The rendered text of a row.</summary>
    /// <param name="row">With messages.</param>
    /// <param name="addsGenerationPrompt">Whether the assistant's turn is begun where the row does not say.</param>
    /// <exception cref="InvalidDataException">The row is no conversation, or the model has no template, or it does not take the row.</exception>
    internal string Render(JsonRow row, bool addsGenerationPrompt)
    {
        Check(row);
        bool withTools = row.Has("tools") && row.Value.GetProperty("tools").GetArrayLength() > 0;
        ChatTemplate template = withTools
            ? _withTools ??= ChatTemplate.Load(folder, withTools: true)
            : _plain ??= ChatTemplate.Load(folder);
        var variables = new Dictionary<string, JsonElement>
        {
            ["add_generation_prompt"] = JsonSerializer.SerializeToElement(addsGenerationPrompt),
        };
        foreach (JsonProperty property in row.Value.EnumerateObject())
        {
            variables[property.Name] = property.Value;
        }

        try
        {
            return template.Render(variables, TimeProvider.System.GetLocalNow);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{row.Place}: {fault.Message}", fault);
        }
    }

    // What every template relies on; what else a message may have is between the row and its template.
    private static void Check(JsonRow row)
    {
        JsonElement messages = row.Value.GetProperty("messages");
        if (messages.ValueKind is not JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            throw new InvalidDataException($"{row.Place}: messages is {Described(messages)}, expected a list of messages {{role, content}}.");
        }

        int number = 0;
        foreach (JsonElement message in messages.EnumerateArray())
        {
            string name = $"messages[{number++}]";
            if (message.ValueKind is not JsonValueKind.Object)
            {
                throw new InvalidDataException($"{row.Place}: {name} is {JsonRow.Describe(message)}, expected an object {{role, content}}.");
            }

            Require(row, message, name, "role", "a text", JsonValueKind.String);
            Require(row, message, name, "content", "a text, a list of parts or null", JsonValueKind.String, JsonValueKind.Array, JsonValueKind.Null);
            Require(row, message, name, "tool_calls", "a list", JsonValueKind.Array, JsonValueKind.Null);
        }

        Require(row, row.Value, "", "tools", "a list", JsonValueKind.Array, JsonValueKind.Null);
        Require(row, row.Value, "", "add_generation_prompt", "true or false", JsonValueKind.True, JsonValueKind.False);
    }

    private static void Require(JsonRow row, JsonElement owner, string place, string field, string expected, params JsonValueKind[] kinds)
    {
        bool isThere = owner.TryGetProperty(field, out JsonElement value);
        if (!isThere && field is "role")
        {
            throw new InvalidDataException($"{row.Place}: {place}.{field} is missing, expected {expected}.");
        }

        if (isThere && !kinds.Contains(value.ValueKind))
        {
            throw new InvalidDataException($"{row.Place}: {(place.Length > 0 ? place + "." : "")}{field} is {JsonRow.Describe(value)}, expected {expected}.");
        }
    }

    private static string Described(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == 0 ? "an empty list" : JsonRow.Describe(value);
}
