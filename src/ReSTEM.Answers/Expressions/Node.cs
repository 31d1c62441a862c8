using System.Numerics;

namespace ReSTEM.Answers;

/// <summary>What was written, as a tree. One type for all kinds; <see cref="Kind"/> says which members count.</summary>
internal sealed class Node
{
    private static readonly Node[] NoItems = [];
    private static readonly string[] NoOperators = [];

    private readonly int _height;

    internal required NodeKind Kind { get; init; }

    /// <summary>A name, separator, digits or text, by kind; never several things in one.</summary>
    internal string Name { get; init; } = "";

    /// <summary>The signs of a <see cref="NodeKind.Relation"/>: sign i stands between items i and i + 1.</summary>
    internal string[] Operators { get; init; } = NoOperators;

    /// <summary>The brackets of a <see cref="NodeKind.Tuple"/>, round or square.</summary>
    internal (char Open, char Close) Brackets { get; init; }

    /// <summary>The base of a <see cref="NodeKind.BaseNumeral"/>, 2 to 36.</summary>
    internal int Radix { get; init; }

    /// <summary>The clock of a <see cref="NodeKind.Time"/>.</summary>
    internal TimeOfDay Time { get; init; }

    /// <summary>What a <see cref="NodeKind.Quantity"/> counts or is measured in; of a product, the unit that its letters may be.</summary>
    internal Unit Unit { get; init; }

    /// <summary>The value of a <see cref="NodeKind.Number"/>.</summary>
    internal Rational Value { get; init; }

    /// <summary>How the number was written.</summary>
    internal Numeral Numeral { get; init; } = Numeral.Whole;

    /// <summary>The parts.</summary>
    /// <exception cref="LimitExceededException">With them the tree would be higher than <see cref="Budget.MaxHeight"/>.</exception>
    internal Node[] Items
    {
        get;
        init
        {
            field = value;
            foreach (var item in value)
            {
                _height = Math.Max(_height, 1 + item._height);
            }

            if (_height > Budget.MaxHeight)
            {
                throw new LimitExceededException("depth-limit", $"an expression is built up in more than {Budget.MaxHeight} steps");
            }
        }
    } = NoItems;

    internal static Node Number(BigInteger value) => new() { Kind = NodeKind.Number, Value = new Rational(value) };

    internal static Node Symbol(string name) => new() { Kind = NodeKind.Symbol, Name = name };

    internal static Node Constant(string name) => new() { Kind = NodeKind.Constant, Name = name };

    internal static Node Text(string text) => new() { Kind = NodeKind.Text, Name = text };

    internal static Node Of(NodeKind kind, params Node[] items) => new() { Kind = kind, Items = items };

    internal static Node Of(NodeKind kind, string name, params Node[] items) =>
        new() { Kind = kind, Name = name, Items = items };

    internal static Node Relation(string[] operators, params Node[] items) =>
        new() { Kind = NodeKind.Relation, Operators = operators, Items = items };

    internal static Node Tuple(char open, char close, params Node[] items) =>
        new() { Kind = NodeKind.Tuple, Brackets = (open, close), Items = items };

    internal static Node At(TimeOfDay time) => new() { Kind = NodeKind.Time, Time = time };

    internal static Node Quantity(Node value, Unit unit) => new() { Kind = NodeKind.Quantity, Unit = unit, Items = [value] };

    internal static Node Call(string function, params Node[] arguments) =>
        new() { Kind = NodeKind.Call, Name = function, Items = arguments };

    /// <summary>What names this node among others of its kind, items apart, as one word to compare or to show; never read again.</summary>
    internal string Label => Kind switch
    {
        NodeKind.Relation => string.Join(' ', Operators),
        NodeKind.Tuple => $"{Brackets.Open}{Brackets.Close}",
        NodeKind.BaseNumeral => $"{Name}_{Radix}",
        NodeKind.Time => Time.ToString(),
        NodeKind.Quantity => Unit.Words,
        _ => Name,
    };

    internal bool Is(NodeKind kind) => Kind == kind;

    internal bool IsConstant(string name) => Kind == NodeKind.Constant && Name == name;

    internal bool IsSymbol(string name) => Kind == NodeKind.Symbol && Name == name;

    /// <summary>The same product, which may also be a number and its unit.</summary>
    internal Node MayBe(Unit unit) => new() { Kind = Kind, Name = Name, Items = Items, Unit = unit };

    /// <summary>The tree with some items replaced.</summary>
    internal Node With(Node[] items) =>
        new()
        {
            Kind = Kind,
            Name = Name,
            Operators = Operators,
            Brackets = Brackets,
            Radix = Radix,
            Time = Time,
            Unit = Unit,
            Value = Value,
            Numeral = Numeral,
            Items = items,
        };
}
