using System.Text.Json;

namespace ReSTEM.Remote;

/// <summary>Fields of an answer; what is not as it should be is a fault of the server's.</summary>
/// <param name="Value">An object.</param>
internal readonly record struct AnswerFields(JsonElement Value)
{
    /// <summary>Whether there is a field that is not null.</summary>
    internal bool Has(string name) => Value.ValueKind is JsonValueKind.Object && Value.TryGetProperty(name, out JsonElement field) && field.ValueKind is not JsonValueKind.Null;

    internal bool IsText(string name) => Value.ValueKind is JsonValueKind.Object && Value.TryGetProperty(name, out JsonElement field) && field.ValueKind is JsonValueKind.String;

    internal AnswerFields Object(string name) => Field(name, JsonValueKind.Object) is var field ? new AnswerFields(field) : default;

    internal string Text(string name)
    {
        try
        {
            return Field(name, JsonValueKind.String).GetString()!;
        }
        catch (InvalidOperationException) // half a character
        {
            throw RemoteException.Malformed($"{name} is not valid text");
        }
    }

    internal bool Flag(string name) => Value.ValueKind is JsonValueKind.Object && Value.TryGetProperty(name, out JsonElement field) && field.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? field.GetBoolean()
        : throw RemoteException.Malformed($"{name} is missing or no flag");

    internal double Number(string name) => Field(name, JsonValueKind.Number).TryGetDouble(out double number) && double.IsFinite(number)
        ? number
        : throw RemoteException.Malformed($"{name} is no finite number");

    internal int Whole(string name) => Field(name, JsonValueKind.Number).TryGetInt32(out int number) ? number : throw RemoteException.Malformed($"{name} is no whole number");

    internal JsonElement[] List(string name) => [.. Field(name, JsonValueKind.Array).EnumerateArray()];

    /// <summary>Whole numbers; -1 in place of what is none.</summary>
    internal int[] Wholes(string name) => [.. List(name).Select(item => item.ValueKind is JsonValueKind.Number && item.TryGetInt32(out int number) ? number : -1)];

    internal Dictionary<string, string> Texts()
    {
        var fields = this;
        return Value.EnumerateObject().ToDictionary(field => field.Name, field => fields.Text(field.Name));
    }

    private JsonElement Field(string name, JsonValueKind kind) =>
        Value.ValueKind is JsonValueKind.Object && Value.TryGetProperty(name, out JsonElement field) && field.ValueKind == kind
            ? field
            : throw RemoteException.Malformed($"{name} is missing or not of the kind {kind}");
}
