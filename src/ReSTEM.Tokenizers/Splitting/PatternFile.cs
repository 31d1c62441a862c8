namespace ReSTEM.Tokenizers;

/// <summary>Reads the <c>pattern</c> of a splitter, a normalizer or a decoder: <c>{"String": ...}</c> or <c>{"Regex": ...}</c>.</summary>
internal static class PatternFile
{
    internal static ITextPattern Read(JsonPart pattern)
    {
        bool isLiteral = !pattern.Lacks("String");
        JsonPart source = pattern.Get(isLiteral ? "String" : "Regex");
        string text = source.AsString();
        if (text.Length == 0)
        {
            throw source.Bad("empty", "some text");
        }

        return isLiteral ? new LiteralPattern(text) : Of(text, source);
    }

    /// <summary>A pattern for an expression; a known one is scanned by hand.</summary>
    internal static ITextPattern Of(string expression, JsonPart source)
    {
        try
        {
            return Of(expression);
        }
        catch (FormatException exception)
        {
            throw source.Bad(exception.Message, "a pattern that can be carried over exactly");
        }
    }

    /// <exception cref="FormatException">The expression cannot be carried over exactly.</exception>
    internal static ITextPattern Of(string expression) => ScannedPattern.TryCreate(expression) ?? (ITextPattern)new CodePointRegex(expression);
}
