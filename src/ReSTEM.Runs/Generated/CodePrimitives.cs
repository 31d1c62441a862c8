namespace ReSTEM.Runs;

/// <summary>The steps of generated functions, by what they work on. Each means what its Python expression means in Python 3.</summary>
internal static class CodePrimitives
{
    /// <summary>Number to number.</summary>
    internal static IReadOnlyList<CodePrimitive> Numbers { get; } =
    [
        OfNumber("add {k}", "x + {k}", (x, k) => x + k),
        OfNumber("subtract {k}", "x - {k}", (x, k) => x - k),
        OfNumber("multiply by {k}", "x * {k}", (x, k) => x * k),
        OfNumber("divide by {k}", "x // {k}", FloorDivide),
        OfNumber("remainder by {k}", "x % {k}", (x, k) => x - (k * FloorDivide(x, k))),
        OfNumber("subtract it from {k}", "{k} - x", (x, k) => k - x),
        OfNumber("at least {k}", "max(x, {k})", (x, k) => Math.Max(x, k)),
        OfNumber("at most {k}", "min(x, {k})", (x, k) => Math.Min(x, k)),
        OfNumber("square it", "x * x", (x, _) => x * x),
        OfNumber("double it", "x + x", (x, _) => x + x),
        OfNumber("negate it", "-x", (x, _) => -x),
        OfNumber("absolute value", "abs(x)", (x, _) => Math.Abs(x)),
        OfNumber("distance to {k}", "abs(x - {k})", (x, k) => Math.Abs(x - k)),
    ];

    /// <summary>List to list.</summary>
    internal static IReadOnlyList<CodePrimitive> Lists { get; } =
    [
        OfList("add {k} to each", "[v + {k} for v in x]", (x, k) => x.Select(v => v + k)),
        OfList("subtract {k} from each", "[v - {k} for v in x]", (x, k) => x.Select(v => v - k)),
        OfList("multiply each by {k}", "[v * {k} for v in x]", (x, k) => x.Select(v => v * k)),
        OfList("square each", "[v * v for v in x]", (x, _) => x.Select(v => v * v)),
        OfList("negate each", "[-v for v in x]", (x, _) => x.Select(v => -v)),
        OfList("absolute values", "[abs(v) for v in x]", (x, _) => x.Select(Math.Abs)),
        OfList("keep over {k}", "[v for v in x if v > {k}]", (x, k) => x.Where(v => v > k)),
        OfList("keep under {k}", "[v for v in x if v < {k}]", (x, k) => x.Where(v => v < k)),
        OfList("keep even", "[v for v in x if v % 2 == 0]", (x, _) => x.Where(v => v % 2 == 0)),
        OfList("keep odd", "[v for v in x if v % 2 == 1]", (x, _) => x.Where(v => v % 2 != 0)),
        OfList("keep first {k}", "x[:{k}]", (x, k) => x.Take(k)),
        OfList("drop first {k}", "x[{k}:]", (x, k) => x.Skip(k)),
        OfList("keep last {k}", "x[-{k}:]", (x, k) => x.TakeLast(k)),
        OfList("every second", "x[::2]", (x, _) => x.Where((_, i) => i % 2 == 0)),
        OfList("reverse it", "x[::-1]", (x, _) => x.Reverse()),
        OfList("sort it", "sorted(x)", (x, _) => x.Order()),
        OfList("sort falling", "sorted(x, reverse=True)", (x, _) => x.OrderDescending()),
    ];

    /// <summary>Text to text.</summary>
    internal static IReadOnlyList<CodePrimitive> Texts { get; } =
    [
        OfText("upper case", "x.upper()", (x, _) => x.ToUpperInvariant()),
        OfText("lower case", "x.lower()", (x, _) => x.ToLowerInvariant()),
        OfText("swap case", "x.swapcase()", (x, _) => string.Concat(x.Select(SwapCase))),
        OfText("capitalize it", "x.capitalize()", (x, _) => Capitalize(x)),
        OfText("reverse it", "x[::-1]", (x, _) => string.Concat(x.Reverse())),
        OfText("keep first {k}", "x[:{k}]", (x, a) => x[..Math.Min(a.K, x.Length)]),
        OfText("drop first {k}", "x[{k}:]", (x, a) => x[Math.Min(a.K, x.Length)..]),
        OfText("keep last {k}", "x[-{k}:]", (x, a) => x[Math.Max(0, x.Length - a.K)..]),
        OfText("every second", "x[::2]", (x, _) => string.Concat(x.Where((_, i) => i % 2 == 0))),
        OfText("write it twice", "x + x", (x, _) => x + x),
        OfText("remove {c}", "x.replace('{c}', '')", (x, a) => x.Replace(a.C.ToString(), "", StringComparison.Ordinal)),
        OfText("replace {c} by {d}", "x.replace('{c}', '{d}')", (x, a) => x.Replace(a.C, a.D)),
        OfText("append {c}", "x + '{c}'", (x, a) => x + a.C),
    ];

    /// <summary>List to number.</summary>
    internal static IReadOnlyList<CodePrimitive> ListEnds { get; } =
    [
        EndOfList("sum", "sum(x)", (x, _) => x.Sum()),
        EndOfList("count", "len(x)", (x, _) => x.Length),
        EndOfList("largest", "max(x)", (x, _) => x.Length == 0 ? null : x.Max()),
        EndOfList("smallest", "min(x)", (x, _) => x.Length == 0 ? null : x.Min()),
        EndOfList("count over {k}", "len([v for v in x if v > {k}])", (x, k) => x.Count(v => v > k)),
        EndOfList("count under {k}", "len([v for v in x if v < {k}])", (x, k) => x.Count(v => v < k)),
    ];

    /// <summary>Text to number.</summary>
    internal static IReadOnlyList<CodePrimitive> TextEnds { get; } =
    [
        new("length", "len(x)", (x, _) => (long)((string)x).Length),
        new("count {c}", "x.count('{c}')", (x, a) => (long)((string)x).Count(letter => letter == a.C)),
    ];

    private static CodePrimitive OfNumber(string phrase, string expression, Func<long, long, long> apply) =>
        new(phrase, expression, (x, a) => apply((long)x, a.K));

    private static CodePrimitive OfList(string phrase, string expression, Func<long[], int, IEnumerable<long>> apply) =>
        new(phrase, expression, (x, a) => apply((long[])x, a.K).ToArray());

    private static CodePrimitive EndOfList(string phrase, string expression, Func<long[], int, long?> apply) =>
        new(phrase, expression, (x, a) => apply((long[])x, a.K));

    private static CodePrimitive OfText(string phrase, string expression, Func<string, CodeArguments, string> apply) =>
        new(phrase, expression, (x, a) => apply((string)x, a));

    private static long FloorDivide(long x, long k) => (x / k) - (x % k < 0 ? 1 : 0);

    private static char SwapCase(char letter) =>
        char.IsAsciiLetterUpper(letter) ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter);

    private static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();
}
