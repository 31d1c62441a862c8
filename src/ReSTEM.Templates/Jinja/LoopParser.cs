namespace ReSTEM.Templates;

/// <summary>Parses loops, and the jumps in them.</summary>
internal sealed class LoopParser(TokenStream tokens, TemplateExpressionParser expressions, StatementParser statements)
{
    internal ForStatement ParseFor(int position)
    {
        AssignTarget target = statements.ParseTarget(withNamespace: false);
        if (target is NameTarget { Name: "loop" })
        {
            throw new TemplateException("a loop assigns to 'loop', expected another name.", position);
        }

        if (!tokens.TakeName("in"))
        {
            throw tokens.Unexpected("'in'");
        }

        Expression items = expressions.ParseTuple(conditional: false);
        Expression? test = tokens.TakeName("if") ? expressions.Parse() : null;
        bool isRecursive = tokens.TakeName("recursive");
        statements.EndBlock();
        statements.LoopDepth++;
        var body = statements.ParseUntil("endfor", "else");
        statements.LoopDepth--;
        IReadOnlyList<Statement> otherwise = [];
        if (tokens.Take().Text == "else")
        {
            statements.EndBlock();
            otherwise = statements.ParseUntil("endfor");
            tokens.Take();
        }

        statements.EndBlock();
        return new ForStatement(target, items, test, isRecursive, body, otherwise, position);
    }

    internal JumpStatement ParseJump(TemplateToken name)
    {
        statements.EndBlock();
        return statements.LoopDepth > 0
            ? new JumpStatement(name.Text == "break", name.Position)
            : throw new TemplateException($"'{name.Text}' stands outside a loop, expected one around it.", name.Position);
    }
}
