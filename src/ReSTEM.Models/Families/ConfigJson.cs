using System.Text.Json;

namespace ReSTEM.Models;

/// <summary>Typed look-ups in a JSON object; every fault is noted under its key, so that all can be told at once.</summary>
internal sealed class ConfigJson(JsonElement element, string prefix, List<string> faults)
{
    private const double MaxNumber = 1e12;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    internal void Fault(string key, string actual, string expected) =>
        faults.Add($"{prefix}{key} is {actual}, expected {expected}".ReplaceLineEndings(" "));

    /// <summary>A required whole number of a range; the lower end of the range stands in for a faulty one.</summary>
    internal int Integer(string key, int low, int high)
    {
        if (Present(key) is not { } value)
        {
            Fault(key, "missing", $"a whole number from {low} to {high}");
            return low;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= low && number <= high)
        {
            return number;
        }

        Fault(key, Shown(value), $"a whole number from {low} to {high}");
        return low;
    }

    /// <summary>A whole number that may be absent or null.</summary>
    internal int? OptionalInteger(string key, int low, int high) => Present(key) is null ? null : Integer(key, low, high);

    /// <summary>A positive number up to a limit, with a default for an absent or null one.</summary>
    internal double Positive(string key, double? absent, double most = MaxNumber)
    {
        if (Present(key) is not { } value)
        {
            if (absent is null)
            {
                Fault(key, "missing", $"a number > 0, at most {most}");
            }

            return absent ?? 1;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            && number > 0 && number <= most)
        {
            return number;
        }

        Fault(key, Shown(value), $"a number > 0, at most {most}");
        return 1;
    }

    internal bool Flag(string key, bool absent)
    {
        if (Present(key) is not { } value)
        {
            return absent;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Fault(key, Shown(value), "true or false");
        return absent;
    }

    internal string Text(string key, string absent)
    {
        if (Present(key) is not { } value)
        {
            return absent;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        Fault(key, Shown(value), "a text");
        return absent;
    }

    /// <summary>Token ids given as one number or as a list; empty if absent or null.</summary>
    internal int[] TokenIds(string key, int vocabularySize)
    {
        if (Present(key) is not { } value)
        {
            return [];
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        var ids = new List<int>();
        foreach (JsonElement item in items)
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int id) && id >= 0 && id < vocabularySize)
            {
                ids.Add(id);
            }
            else
            {
                Fault(key, Shown(item), $"token ids from 0 to {vocabularySize - 1}");
            }
        }

        return [.. ids.Distinct()];
    }

    /// <summary>The object under a key, or null if absent or null.</summary>
    internal ConfigJson? Object(string key)
    {
        if (Present(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return new ConfigJson(value, $"{prefix}{key}.", faults);
        }

        Fault(key, Shown(value), "an object or null");
        return null;
    }

    /// <summary>The texts under a key, or null if absent or null.</summary>
    internal string[]? Texts(string key)
    {
        if (Present(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String))
        {
            return [.. value.EnumerateArray().Select(static item => item.GetString()!)];
        }

        Fault(key, Shown(value), "a list of texts");
        return null;
    }

    /// <summary>The positive numbers under a key.</summary>
    internal double[] Numbers(string key, int count)
    {
        if (Present(key) is { ValueKind: JsonValueKind.Array } value && value.GetArrayLength() == count
            && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double number)
                && number > 0 && double.IsFinite(number)))
        {
            return [.. value.EnumerateArray().Select(static item => item.GetDouble())];
        }

        Fault(key, Present(key) is { } other ? Shown(other) : "missing", $"a list of {count} numbers > 0");
        return [.. Enumerable.Repeat(1.0, count)];
    }

    /// <summary>The value of a key, or null if it is absent or null.</summary>
    internal JsonElement? Present(string key)
    {
        _known.Add(key);
        return element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>Whether a key is there, be it null.</summary>
    internal bool Has(string key)
    {
        _known.Add(key);
        return element.TryGetProperty(key, out _);
    }

    /// <summary>Notes every key that nobody asked for, unless it is null or false or among those named.</summary>
    internal void RefuseOthers(Func<string, bool> harmless)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            bool off = property.Value.ValueKind is JsonValueKind.Null or JsonValueKind.False;
            if (!off && !_known.Contains(property.Name) && !harmless(property.Name))
            {
                Fault(property.Name, Shown(property.Value), "no such key: it may change what the model computes");
            }
        }
    }

    internal static string Shown(JsonElement value)
    {
        const int Most = 60;
        string text = value.GetRawText();
        return text.Length > Most ? string.Concat(text.AsSpan(0, Most), "...") : text;
    }
}
