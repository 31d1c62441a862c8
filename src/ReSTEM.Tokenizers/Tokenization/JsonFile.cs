using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Tokenizers;

/// <summary>A JSON file that is read whole; it need not exist.</summary>
internal sealed class JsonFile : IDisposable
{
    private readonly string _file;
    private readonly JsonDocument? _document;

    /// <exception cref="InvalidDataException">The file is there and not JSON.</exception>
    internal JsonFile(string file)
    {
        _file = file;
        if (File.Exists(file))
        {
            using FileStream stream = File.OpenRead(file);
            _document = Parse(stream, file);
        }
    }

    /// <summary>The file's value, to be kept after this is disposed; null when there is no file.</summary>
    internal JsonPart? Copy() => _document is null ? null : new JsonPart(_file, "", _document.RootElement.Clone());

    /// <exception cref="InvalidDataException">The stream holds no JSON.</exception>
    internal static JsonDocument Parse(Stream stream, string file)
    {
        try
        {
            return JsonDocument.Parse(stream);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                FileSignature.OfFile(file) is { } other ? $"{file} is {other}, expected JSON."
                : $"{file}:{exception.LineNumber + 1}: not well-formed JSON at byte {exception.BytePositionInLine + 1}, expected a {Path.GetFileName(file)}.",
                exception);
        }
    }

    public void Dispose() => _document?.Dispose();
}
