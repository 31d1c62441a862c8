namespace ReSTEM.Runs;

/// <summary>What a generated function works on.</summary>
internal enum CodeType
{
    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A list of whole numbers.</summary>
    List,

    /// <summary>An ASCII text.</summary>
    Text,
}

/// <summary>One step a generated function may be asked to do.</summary>
/// <param name="Phrase">As the prompt asks for it; <c>{k}</c> a number, <c>{c}</c> and <c>{d}</c> letters.</param>
/// <param name="Expression">The same as a Python expression of <c>x</c>.</param>
/// <param name="Apply">
/// The same computed here. Values are long, long[] or string; the result is null where Python would raise an error.
/// </param>
internal sealed record CodePrimitive(string Phrase, string Expression, Func<object, CodeArguments, object?> Apply)
{
    internal bool HasNumber => Phrase.Contains("{k}", StringComparison.Ordinal);
}

/// <summary>The constants of a step.</summary>
/// <param name="K">2 .. 9.</param>
/// <param name="C">A letter.</param>
/// <param name="D">Another letter.</param>
internal readonly record struct CodeArguments(int K, char C, char D);

/// <summary>A primitive with its constants.</summary>
internal readonly record struct CodeStep(CodePrimitive Primitive, CodeArguments Arguments)
{
    internal string Phrase => Fill(Primitive.Phrase);

    internal string Expression => Fill(Primitive.Expression);

    internal object? Apply(object value) => Primitive.Apply(value, Arguments);

    private string Fill(string text) => text
        .Replace("{k}", Arguments.K.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{c}", Arguments.C.ToString(), StringComparison.Ordinal)
        .Replace("{d}", Arguments.D.ToString(), StringComparison.Ordinal);
}
