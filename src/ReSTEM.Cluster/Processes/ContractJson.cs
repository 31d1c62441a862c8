using System.Text.Json;
using System.Text.Json.Serialization;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>JSON as the contracts with other processes have it: keys in snake case, numbers whose text gives the same bits again.</summary>
internal static class ContractJson
{
    private static readonly JsonSerializerOptions Indented = Options(indented: true);

    private static readonly JsonSerializerOptions OneLine = Options(indented: false);

    /// <summary>Writes a file, whole or not at all.</summary>
    internal static void Write<T>(string path, T value) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, value, Indented));

    /// <summary>A value on one line.</summary>
    internal static string Line<T>(T value) => JsonSerializer.Serialize(value, OneLine);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="InvalidDataException">It is missing or something else.</exception>
    internal static T Read<T>(string path, string what) => File.Exists(path)
        ? Parse<T>(File.ReadAllText(path), path, what)
        : throw new InvalidDataException($"{path} is missing, expected {what}.");

    /// <summary>Reads a text.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="place">Where it is from.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    internal static T Parse<T>(string text, string place, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, OneLine) ?? throw new InvalidDataException($"{place} is null, expected {what}.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{place} is not {what}: {fault.Message}", fault);
        }
    }

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        WriteIndented = indented,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
