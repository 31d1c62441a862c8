namespace ReSTEM.Answers;

/// <summary>The kinds of <see cref="Node"/>: first single values, then what is built of several.</summary>
internal enum NodeKind
{
    /// <summary>A literal number.</summary>
    Number,

    /// <summary>A variable or other name.</summary>
    Symbol,

    /// <summary>pi, e, i, infinity, empty-set or reals.</summary>
    Constant,

    /// <summary>Sum of the items.</summary>
    Sum,

    /// <summary>Product of the items.</summary>
    Product,

    /// <summary>First item over second.</summary>
    Quotient,

    /// <summary>First item to the power of the second.</summary>
    Power,

    /// <summary>Minus the item.</summary>
    Negation,

    /// <summary>First item's root of the degree in the second.</summary>
    Root,

    /// <summary>A named function of the items.</summary>
    Call,

    /// <summary>Plus or minus the item (Name is "+-" or "-+"); all signs of one expression go together.</summary>
    PlusMinus,

    /// <summary>The item as a percentage.</summary>
    Percent,

    /// <summary>The item in degrees.</summary>
    Degree,

    /// <summary>The item with a unit or a word for what it counts in Name.</summary>
    Quantity,

    /// <summary>Digits (Name) in a base (Value).</summary>
    BaseNumeral,

    /// <summary>Items of a ratio a : b : c.</summary>
    Ratio,

    /// <summary>A time of day; Name is canonical.</summary>
    Time,

    /// <summary>Words.</summary>
    Text,

    /// <summary>Words (Name, with _ for each item) and values among them whose sense is not known; equals only the same words and values.</summary>
    Phrase,

    /// <summary>Items between brackets (Name is the pair), in order: a point, a vector or an interval.</summary>
    Tuple,

    /// <summary>Items between braces.</summary>
    Set,

    /// <summary>Items separated by commas or words, without brackets.</summary>
    List,

    /// <summary>Rows (each a Tuple) of a matrix.</summary>
    Matrix,

    /// <summary>Union of the items.</summary>
    Union,

    /// <summary>Intersection of the items.</summary>
    Intersection,

    /// <summary>First item without the second.</summary>
    Difference,

    /// <summary>A chain of relations; a congruence (the sign U+2261) has its modulus as third item.</summary>
    Relation,
}
