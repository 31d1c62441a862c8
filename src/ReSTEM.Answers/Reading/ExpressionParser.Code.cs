namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    /// <summary>Packages whose functions are read without them, as in math.sqrt(2).</summary>
    private static bool IsPackage(ReadOnlySpan<char> name) =>
        name is "math" or "cmath" or "np" or "numpy" or "sp" or "sympy" or "scipy" or "fractions" or "sym" or "S";

    /// <summary>A name of Python or SymPy text that starts here; null when it is none.</summary>
    private Node? TryCode(ReadOnlySpan<char> run, int end)
    {
        if (end < text.Length && text[end] == '.' && end + 1 < text.Length && char.IsAsciiLetter(text[end + 1]) && IsPackage(run))
        {
            bool natural = run is not "S";
            _position = end + 1;
            if (natural && text.AsSpan(_position).StartsWith("log(", StringComparison.Ordinal))
            {
                _position += 3;
                var arguments = Arguments();
                return arguments.Length == 1 ? Node.Call("ln", arguments) : Node.Call("log", arguments);
            }

            foreach (var (name, constant) in (ReadOnlySpan<(string, string)>)[("Reals", "reals"), ("EmptySet", "empty-set"), ("inf", "infinity"), ("e", "e"), ("E", "e"), ("I", "i")])
            {
                int last = _position + name.Length;
                if (text.AsSpan(_position).StartsWith(name, StringComparison.Ordinal) && (last == text.Length || !char.IsAsciiLetterOrDigit(text[last])))
                {
                    _position = last;
                    return Node.Constant(constant);
                }
            }

            return ParseName();
        }

        string called = run.ToString();
        if (called is "log" && text.AsSpan(end).StartsWith("10(", StringComparison.Ordinal))
        {
            _position = end + 2;
            return Node.Call("log", Arguments());
        }

        if (called is "log" && text.AsSpan(end).StartsWith("2(", StringComparison.Ordinal))
        {
            _position = end + 1;
            return Node.Call("log", [.. Arguments(), Node.Number(2)]);
        }

        if (isCode && called is "E" or "I")
        {
            _position = end;
            return Node.Constant(called == "E" ? "e" : "i");
        }

        if (called == "Interval" && end < text.Length && text[end] == '.')
        {
            int bracket = text.IndexOf('(', end);
            string kind = bracket < 0 ? "" : text[(end + 1)..bracket];
            if (kind is "open" or "Lopen" or "Ropen")
            {
                _position = bracket;
                return Arguments() is [var low, var high] ? Node.Tuple(kind is "Ropen" ? '[' : '(', kind is "Lopen" ? ']' : ')', low, high) : throw Unreadable();
            }
        }

        if (end >= text.Length || text[end] != '(' || !FunctionNames.Code.Contains(called))
        {
            return null;
        }

        _position = end;
        return Built(called, text.AsSpan(end).StartsWith("()", StringComparison.Ordinal) ? NoArguments() : CodeArguments());
    }

    private Node[] NoArguments()
    {
        _position += 2;
        return [];
    }

    /// <summary>Arguments between round brackets; one that is a tuple or a list itself stays one argument.</summary>
    private Node[] CodeArguments()
    {
        Expect('(');
        _bracketDepth++;
        var inside = ParseList();
        _bracketDepth--;
        Expect(')');
        return inside.Is(NodeKind.List) ? inside.Items : [inside];
    }

    private static bool IsInfinite(Node node) => node.IsConstant("infinity") || (node.Is(NodeKind.Negation) && IsInfinite(node.Items[0]));

    private Node Built(string name, Node[] items) => (name, items) switch
    {
        ("Rational" or "Fraction", [var above, var below]) => Node.Of(NodeKind.Quotient, above, below),
        ("Rational" or "Fraction" or "Integer" or "Float" or "S" or "sympify" or "simplify" or "Decimal", [var value]) => value,
        ("Eq", [var left, var right]) => Node.Relation(["="], left, right),
        ("Ne", [var left, var right]) => Node.Relation(["≠"], left, right),
        ("Lt", [var left, var right]) => Node.Relation(["<"], left, right),
        ("Le", [var left, var right]) => Node.Relation(["≤"], left, right),
        ("Gt", [var left, var right]) => Node.Relation([">"], left, right),
        ("Ge", [var left, var right]) => Node.Relation(["≥"], left, right),
        ("Matrix" or "ImmutableMatrix" or "array", [{ Kind: NodeKind.Matrix } matrix]) => matrix,
        ("Matrix" or "ImmutableMatrix", [{ Kind: NodeKind.Tuple } column]) =>
            Node.Of(NodeKind.Matrix, [.. column.Items.Select(static item => Node.Tuple('(', ')', item))]),
        ("array" or "list" or "tuple", [{ Kind: NodeKind.Tuple } tuple]) => Node.Tuple('(', ')', tuple.Items),
        ("Interval", [var low, var high]) => Node.Tuple(IsInfinite(low) ? '(' : '[', IsInfinite(high) ? ')' : ']', low, high),
        ("Interval", [var low, var high, { Kind: NodeKind.Text } isLeftOpen, { Kind: NodeKind.Text } isRightOpen]) =>
            Node.Tuple(isLeftOpen.Name == "true" ? '(' : '[', isRightOpen.Name == "true" ? ')' : ']', low, high),
        ("Union", [_, _, ..]) => items.Aggregate(static (left, right) => Node.Of(NodeKind.Union, left, right)),
        ("Intersection", [_, _, ..]) => items.Aggregate(static (left, right) => Node.Of(NodeKind.Intersection, left, right)),
        ("Complement", [var all, var without]) => Node.Of(NodeKind.Difference, all, without),
        ("FiniteSet", [_, ..]) => Node.Of(NodeKind.Set, items),
        ("frozenset" or "set" or "FiniteSet" or "EmptySet", []) => Node.Constant("empty-set"),
        ("frozenset" or "set", [{ Kind: NodeKind.Set or NodeKind.Tuple } set]) => Node.Of(NodeKind.Set, set.Items),
        ("Pow", [var power, var exponent]) => Node.Of(NodeKind.Power, power, exponent),
        ("Mul", [_, _, ..]) => Node.Of(NodeKind.Product, items),
        ("Add", [_, _, ..]) => Node.Of(NodeKind.Sum, items),
        ("Mod", [var value, var modulus]) => Remainder(value, modulus),
        ("root" or "real_root", [var value, var degree]) => Node.Of(NodeKind.Root, value, degree),
        ("Max" or "Min", [_, ..]) => Node.Call(name.ToLowerInvariant(), items),
        ("Sum" or "Product" or "Integral", [var body, { Kind: NodeKind.Tuple, Items: [var index, var from, var to] }]) =>
            Node.Call(name == "Sum" ? "sum" : name == "Product" ? "prod" : "integral", Renamed(body, index.Name), Node.Symbol(index.Name), from, to),
        _ => throw Unreadable(),
    };
}
