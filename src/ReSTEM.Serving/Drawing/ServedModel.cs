using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Serving;

/// <summary>The model that answers are of.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Info">Its tokenizer and limits.</param>
/// <param name="Fingerprint">Its weights and what computes them.</param>
/// <param name="Desk">Draws.</param>
internal sealed record ServedModel(string Name, ModelInfo Info, PolicyFingerprint Fingerprint, DrawDesk Desk)
{
    /// <summary>What decides the bits of answers, as a field of an object.</summary>
    internal void WriteIdentity(Utf8JsonWriter json)
    {
        json.WriteStartObject("restem");
        json.WriteString("weights", Fingerprint.WeightsSha256);
        json.WriteStartObject("digests");
        foreach (var (name, digest) in Info.Digests.OrderBy(digest => digest.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, digest);
        }

        json.WriteEndObject();
        EngineFingerprint engine = Fingerprint.Engine;
        json.WriteStartObject("engine");
        json.WriteString("name", engine.Name);
        json.WriteString("version", engine.Version);
        json.WriteString("dtype", engine.Dtype);
        json.WriteBoolean("deterministic", engine.Deterministic);
        json.WriteString("device", engine.Device);
        json.WriteString("shapes", engine.Shapes);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
