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
    /// <exception cref="InvalidDataException">The model has no template, or it does not take the row.</exception>
    internal string Render(JsonRow row, bool addsGenerationPrompt)
    {
        if (row.Value.GetProperty("messages").ValueKind is not JsonValueKind.Array)
        {
            throw new InvalidDataException($"{row.Place}: messages is {row.Value.GetProperty("messages").ValueKind}, expected a list.");
        }

        bool withTools = row.Value.TryGetProperty("tools", out JsonElement tools) && tools.ValueKind is JsonValueKind.Array && tools.GetArrayLength() > 0;
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
}
