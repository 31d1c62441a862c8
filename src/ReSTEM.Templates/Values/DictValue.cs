namespace ReSTEM.Templates;

/// <summary>A dict in order of its keys' arrival; never changed once it is made.</summary>
internal sealed class DictValue
{
    private const int MostParts = 100;

    private readonly OrderedDictionary<object, object> _items = new(ValueEquality.OfKeys);

    internal int Count => _items.Count;

    internal IEnumerable<KeyValuePair<object, object>> Items => _items;

    internal IEnumerable<object> Keys => _items.Keys;

    /// <summary>Sets a key while the dict is being made; a key that is there keeps its place.</summary>
    /// <exception cref="TemplateException">The key can be none.</exception>
    internal void Set(object key, object value) => _items[Hashable(key)] = value;

    /// <summary>The value of a key, or null.</summary>
    /// <exception cref="TemplateException">The key can be none.</exception>
    internal object? Find(object key) => _items.GetValueOrDefault(Hashable(key));

    private static object Hashable(object key)
    {
        int weight = 0;
        Weigh(key, ref weight);
        return key;
    }

    // Every look-up takes as long as the key is large.
    private static void Weigh(object key, ref int weight)
    {
        if (key is DictValue or ListValue { Kind: not ListKind.Tuple and not ListKind.Range })
        {
            throw new TemplateException($"a key is of type {ValueKinds.NameOf(key)}, expected text, a number, none or a tuple.");
        }

        if (++weight > MostParts)
        {
            throw new TemplateException($"a key has more than {MostParts} parts, expected at most that.");
        }

        foreach (object item in key is ListValue row ? row.Items : [])
        {
            Weigh(item, ref weight);
        }
    }
}
