namespace ReSTEM.Templates;

/// <summary>Variables: loops, macros and some blocks have their own, and see those around them.</summary>
internal sealed class Scope(Scope? around)
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    internal void Set(string name, object value) => _values[name] = value;

    internal object Get(string name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Around)
        {
            if (scope._values.TryGetValue(name, out object? value))
            {
                return value;
            }
        }

        return new Undefined($"'{name}' is undefined");
    }

    private Scope? Around => around;
}
