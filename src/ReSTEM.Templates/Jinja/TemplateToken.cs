namespace ReSTEM.Templates;

/// <summary>Kinds of tokens of a template.</summary>
internal enum TemplateTokenKind
{
    /// <summary>Text outside tags, printed as it stands.</summary>
    Data,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End,
}

/// <summary>A token of a template.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">A string's value, everything else as it is written.</param>
/// <param name="Position">Offset in the template's text.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, int Position)
{
    internal bool IsName(string name) => Kind is TemplateTokenKind.Name && Text == name;

    internal bool IsOperator(string text) => Kind is TemplateTokenKind.Operator && Text == text;

    internal string Shown => Kind switch
    {
        TemplateTokenKind.End => "the end of the template",
        TemplateTokenKind.BlockEnd => "'%}'",
        TemplateTokenKind.VariableEnd => "'}}'",
        TemplateTokenKind.BlockBegin => "'{%'",
        TemplateTokenKind.VariableBegin => "'{{'",
        TemplateTokenKind.Data => "text",
        TemplateTokenKind.String => "a string",
        _ => $"'{(Text.Length > 40 ? Text[..40] + "..." : Text)}'",
    };
}
