namespace ReSTEM.Templates;

/// <summary>Parses macros, and calls that hand a body over.</summary>
internal sealed class MacroParser(TokenStream tokens, TemplateExpressionParser expressions, StatementParser statements)
{
    internal MacroStatement ParseMacro(int position)
    {
        string name = tokens.Expect(TemplateTokenKind.Name, "the name of a macro").Text;
        var parameters = ParseParameters();
        return new MacroStatement(name, ParseShape(parameters, "endmacro"), position);
    }

    internal CallBlockStatement ParseCall(int position)
    {
        IReadOnlyList<(string, Expression?)> parameters = tokens.Current.IsOperator("(") ? ParseParameters() : [];
        Expression call = expressions.Parse();
        return call is CallExpression
            ? new CallBlockStatement(call, ParseShape(parameters, "endcall"), position)
            : throw new TemplateException("a call block names no call, expected one such as 'name()'.", call.Position);
    }

    // What a macro takes beyond its parameters, it takes by naming it.
    private MacroShape ParseShape(IReadOnlyList<(string, Expression?)> parameters, string end)
    {
        int begin = tokens.Position;
        var body = ParseApart(end);
        var names = tokens.NamesSince(begin);
        return new MacroShape(parameters, body, names.Contains("caller"), names.Contains("varargs"), names.Contains("kwargs"));
    }

    /// <summary>A body that loops around it do not reach into.</summary>
    internal IReadOnlyList<Statement> ParseApart(string end)
    {
        int loops = statements.LoopDepth;
        statements.LoopDepth = 0;
        var body = statements.ParseBody(end);
        statements.LoopDepth = loops;
        return body;
    }

    private List<(string, Expression?)> ParseParameters()
    {
        var parameters = new List<(string, Expression?)>();
        tokens.ExpectOperator("(");
        while (!tokens.TakeOperator(")"))
        {
            if (parameters.Count > 0)
            {
                tokens.ExpectOperator(",");
            }

            TemplateToken name = tokens.Expect(TemplateTokenKind.Name, "the name of a parameter");
            if (tokens.TakeOperator("="))
            {
                parameters.Add((name.Text, expressions.Parse()));
            }
            else if (parameters.Count > 0 && parameters[^1].Item2 is not null)
            {
                throw new TemplateException($"parameter '{name.Text}' has no default, expected one after a parameter that has one.", name.Position);
            }
            else
            {
                parameters.Add((name.Text, null));
            }
        }

        return parameters;
    }
}
