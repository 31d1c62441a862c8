namespace ReSTEM.Templates;

/// <summary>Which of Python's types a row of values has.</summary>
internal enum ListKind
{
    List,
    Tuple,
    Range,

    /// <summary>What <c>items()</c>, <c>keys()</c> and <c>values()</c> give: a row without numbers.</summary>
    View,
}

/// <summary>Values in a row; never changed.</summary>
/// <param name="items">The values; the caller gives them away.</param>
/// <param name="kind">Its type.</param>
/// <param name="shown">How a range or view begins in print.</param>
internal sealed class ListValue(IReadOnlyList<object> items, ListKind kind = ListKind.List, string shown = "")
{
    internal IReadOnlyList<object> Items => items;

    internal ListKind Kind => kind;

    internal string Shown => shown;

    internal bool HasNumbers => kind is not ListKind.View;

    internal static ListValue Tuple(params object[] items) => new(items, ListKind.Tuple);
}
