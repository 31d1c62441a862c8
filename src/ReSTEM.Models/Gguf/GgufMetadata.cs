namespace ReSTEM.Models;

/// <summary>The key-value pairs of a GGUF file, in the order in which they are written.</summary>
internal sealed class GgufMetadata
{
    private readonly List<(string Key, object Value)> _pairs = [];

    internal IReadOnlyList<(string Key, object Value)> Pairs => _pairs;

    internal void Add(string key, uint value) => _pairs.Add((key, value));

    internal void Add(string key, int value) => _pairs.Add((key, (uint)value)); // counts and ids: never negative

    internal void Add(string key, float value) => _pairs.Add((key, value));

    internal void Add(string key, bool value) => _pairs.Add((key, value));

    internal void Add(string key, string value) => _pairs.Add((key, value));

    internal void Add(string key, string[] values) => _pairs.Add((key, values));

    internal void Add(string key, float[] values) => _pairs.Add((key, values));

    internal void Add(string key, int[] values) => _pairs.Add((key, values));
}
