namespace ReSTEM.Templates;

/// <summary>What <c>namespace()</c> gives: the one value that a template changes.</summary>
internal sealed class NamespaceValue
{
    internal Dictionary<string, object> Values { get; } = new(StringComparer.Ordinal);
}

/// <summary>Values that come one after the other and only once: what most filters give.</summary>
internal sealed class IteratorValue(IEnumerable<object> items)
{
    private readonly IEnumerator<object> _items = items.GetEnumerator();

    /// <summary>What is left of them.</summary>
    internal IEnumerable<object> Rest()
    {
        while (_items.MoveNext())
        {
            yield return _items.Current;
        }
    }
}

/// <summary>Something to call.</summary>
/// <param name="Name">As the template has it.</param>
/// <param name="Call">What it does.</param>
internal sealed record FunctionValue(string Name, Func<CallArguments, object> Call);
