using System.Numerics;

namespace ReSTEM.Templates;

/// <summary><c>a[from:to:step]</c> of text and rows; what lies outside is left out.</summary>
internal static class Slices
{
    internal static object Of(object value, object? from, object? to, object? step, RenderBudget budget)
    {
        int length = value switch
        {
            Undefined missing => throw missing.Fault(),
            string text => CodePoints.Count(text),
            ListValue { HasNumbers: true } list => list.Items.Count,
            _ => throw new TemplateException($"a value of type {ValueKinds.NameOf(value)} is sliced, expected text, a list or a tuple."),
        };
        BigInteger stride = Bound(step) ?? BigInteger.One;
        if (stride.IsZero)
        {
            throw new TemplateException("the step of a slice is 0, expected another number.");
        }

        int[] indices = Indices(length, Bound(from), Bound(to), stride);
        budget.Charge(indices.Length);
        return value switch
        {
            string text when stride.IsOne => indices.Length == 0
                ? ""
                : text[CodePoints.OffsetOf(text, indices[0])..CodePoints.OffsetOf(text, indices[^1] + 1)],
            string text => string.Concat(Pick(CodePoints.Of(text).ToList(), indices)),
            ListValue list => new ListValue([.. Pick(list.Items, indices)], list.Kind is ListKind.Tuple ? ListKind.Tuple : ListKind.List),
            _ => value,
        };
    }

    private static IEnumerable<T> Pick<T>(IReadOnlyList<T> items, int[] indices) => indices.Select(index => items[index]);

    private static BigInteger? Bound(object? value) => value is null or None ? null : WholeNumbers.Of(value) ?? throw (value is Undefined missing
        ? missing.Fault()
        : new TemplateException($"a slice has a bound of type {ValueKinds.NameOf(value)}, expected a whole number or none."));

    private static int[] Indices(int length, BigInteger? from, BigInteger? to, BigInteger step)
    {
        bool forward = step.Sign > 0;
        int low = forward ? 0 : -1;
        int high = forward ? length : length - 1;
        int first = Clamp(from, length, low, high) ?? (forward ? low : high);
        int end = Clamp(to, length, low, high) ?? (forward ? high : low);
        int stride = (int)BigInteger.Max(-length - 1, BigInteger.Min(length + 1, step));
        int count = forward ? (end - first + stride - 1) / stride : (first - end - stride - 1) / -stride;
        return [.. Enumerable.Range(0, Math.Max(0, count)).Select(i => first + (i * stride))];
    }

    private static int? Clamp(BigInteger? bound, int length, int low, int high) => bound is { } number
        ? (int)BigInteger.Max(low, BigInteger.Min(high, number.Sign < 0 ? number + length : number))
        : null;
}
