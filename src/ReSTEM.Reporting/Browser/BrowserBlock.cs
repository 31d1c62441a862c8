using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ReSTEM.Reporting;

/// <summary>
/// Data inside a page: JSON, gzip, base64. No text of a model or a data set can end an element or begin one in it, and a browser
/// unpacks it by itself, when it is needed.
/// </summary>
internal static class BrowserBlock
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Packs a value.</summary>
    internal static string Pack(object value)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            JsonSerializer.Serialize(gzip, value, Compact);
        }

        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    }

    /// <summary>Unpacks what was packed, for tests.</summary>
    internal static JsonDocument Unpack(string block)
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(block)), CompressionMode.Decompress);
        return JsonDocument.Parse(gzip);
    }
}
