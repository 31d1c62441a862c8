using System.Numerics;

namespace ReSTEM.Templates;

/// <summary>The variable <c>loop</c>. Looks one item ahead only when it is asked what comes.</summary>
internal sealed class LoopValue
{
    private readonly int _depth;
    private readonly Func<object, object>? _recurse;
    private IEnumerator<object> _items;
    private object? _before;
    private object? _current;
    private object? _after;
    private int? _length;
    private IReadOnlyList<object>? _changed;

    /// <param name="items">What is gone through.</param>
    /// <param name="length">How many there are, where that is known.</param>
    /// <param name="depth">0 for the outermost of a recursive loop.</param>
    /// <param name="recurse">Renders the loop again for other items; null where it is not recursive.</param>
    internal LoopValue(IEnumerable<object> items, int? length, int depth, Func<object, object>? recurse)
    {
        _items = items.GetEnumerator();
        _length = length;
        _depth = depth;
        _recurse = recurse;
    }

    internal int Index0 { get; private set; } = -1;

    /// <summary>How many items there are; takes all that are left into memory where that is not known.</summary>
    internal int Length
    {
        get
        {
            if (_length is null)
            {
                var left = new List<object>();
                while (_items.MoveNext())
                {
                    left.Add(_items.Current);
                }

                _items = left.GetEnumerator();
                _length = left.Count + Index0 + 1 + (_after is null ? 0 : 1);
            }

            return _length.Value;
        }
    }

    /// <summary>The next item, or null at the end.</summary>
    internal object? Next()
    {
        object? next = Peek();
        if (next is not null)
        {
            (_before, _current, _after) = (_current, next, null);
            Index0++;
        }

        return next;
    }

    /// <summary>What is left, for whoever goes through the loop itself.</summary>
    internal IEnumerable<object> Rest()
    {
        while (Next() is { } item)
        {
            yield return item;
        }
    }

    internal object Attribute(string name) => name switch
    {
        "index" => new BigInteger(Index0 + 1),
        "index0" => new BigInteger(Index0),
        "first" => Index0 == 0,
        "last" => Peek() is null,
        "length" => new BigInteger(Length),
        "revindex" => new BigInteger(Length - Index0),
        "revindex0" => new BigInteger(Length - Index0 - 1),
        "previtem" => _before ?? new Undefined("there is no previous item"),
        "nextitem" => Peek() ?? new Undefined("there is no next item"),
        "depth" => new BigInteger(_depth + 1),
        "depth0" => new BigInteger(_depth),
        "cycle" => new FunctionValue("loop.cycle", Cycle),
        "changed" => new FunctionValue("loop.changed", HasChanged),
        _ => new Undefined($"'jinja2.runtime.LoopContext object' has no attribute '{name}'"),
    };

    internal object Recurse(CallArguments arguments) => _recurse is null
        ? throw new TemplateException("'loop' is called in a loop that is not recursive, expected 'recursive' at its head.")
        : _recurse(arguments.Required(arguments.Bind("items")[0], "items"));

    private object? Peek() => _after ??= _items.MoveNext() ? _items.Current : null;

    private object Cycle(CallArguments arguments) => arguments.Positional.Count > 0
        ? arguments.Positional[Index0 % arguments.Positional.Count]
        : throw new TemplateException("loop.cycle has no arguments, expected at least one.");

    private object HasChanged(CallArguments arguments)
    {
        bool same = _changed is not null && ValueEquality.AreEqual(new ListValue(_changed), new ListValue(arguments.Positional));
        _changed = arguments.Positional;
        return !same;
    }
}
