using System.Text.Json;

namespace ReSTEM.Runs;

/// <summary>A problem that is written as a conversation: what the system says, one question, and perhaps its answer.</summary>
/// <param name="System">May be empty. A run says itself what the system says (prompt.system).</param>
/// <param name="Question">What the user says.</param>
/// <param name="Reply">What the assistant says last; empty where the question stands last.</param>
internal sealed record Conversation(string System, string Question, string Reply)
{
    /// <summary>Whether a field holds one: a list of objects.</summary>
    internal static bool Recognises(DataRow row, string field) =>
        row.Find(field) is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object);

    /// <exception cref="InvalidDataException">The messages are not those of one question.</exception>
    internal static Conversation Read(DataRow row, string field)
    {
        string system = "";
        string? question = null;
        string reply = "";
        int number = 0;
        foreach (JsonElement message in row.Find(field)!.Value.EnumerateArray())
        {
            string place = $"{field}[{number}]";
            var turn = row with { Element = message };
            string text = TextOf(turn, place);
            switch (RoleOf(turn, place))
            {
                case "system" or "developer" when number == 0:
                    system = text;
                    break;
                case "user" or "human" when question is null:
                    question = text;
                    break;
                case "assistant" or "gpt" or "model" when question is not null && reply.Length == 0:
                    reply = text;
                    break;
                case var role:
                    throw row.Bad(
                        place, $"of the role '{DataRow.Shorten(role)}'", "a system turn first if any, one question of the user, and one reply of the assistant if any: a problem is one question");
            }

            number++;
        }

        return new Conversation(system, question ?? throw row.Bad(field, "without a question", "a message of the role user"), reply);
    }

    private static string RoleOf(DataRow turn, string place) => turn.Find(turn.Has("role") ? "role" : "from") is { } role
        ? turn.TextOf($"{place}.role", role)
        : throw turn.Bad($"{place}.role", "missing", "system, user or assistant");

    /// <summary>A text, or a list of parts that are texts.</summary>
    private static string TextOf(DataRow turn, string place)
    {
        string field = turn.Has("content") ? "content" : "value";
        if (turn.Find(field) is not { } content)
        {
            throw turn.Bad($"{place}.content", "missing", "a text");
        }

        return content.ValueKind != JsonValueKind.Array
            ? turn.TextOf($"{place}.content", content)
            : string.Concat(content.EnumerateArray().Select(part =>
                part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out JsonElement text)
                    ? turn.TextOf($"{place}.content", text)
                    : throw turn.Bad($"{place}.content", DataRow.Shorten(part.GetRawText()), "a text, or parts with a text each")));
    }
}
