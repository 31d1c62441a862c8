namespace ReSTEM.Templates;

/// <summary>Parses a template into what it does.</summary>
internal sealed class StatementParser
{
    private const string Known = "if, for, set, macro, call, filter, with, break, continue, generation, raw";

    private readonly TokenStream _tokens;
    private readonly TemplateExpressionParser _expressions;
    private readonly LoopParser _loops;
    private readonly MacroParser _macros;

    private StatementParser(List<TemplateToken> tokens)
    {
        _tokens = new TokenStream(tokens);
        _expressions = new TemplateExpressionParser(_tokens);
        _loops = new LoopParser(_tokens, _expressions, this);
        _macros = new MacroParser(_tokens, _expressions, this);
    }

    /// <summary>Loops around what is parsed; a macro begins afresh.</summary>
    internal int LoopDepth { get; set; }

    /// <summary>Parses a whole template.</summary>
    /// <exception cref="TemplateException">It is not one.</exception>
    internal static IReadOnlyList<Statement> Parse(List<TemplateToken> tokens)
    {
        var parser = new StatementParser(tokens);
        var statements = parser.ParseUntil([]);
        return parser._tokens.Current.Kind is TemplateTokenKind.End ? statements : throw parser._tokens.Unexpected("the end of the template");
    }

    /// <summary>Statements up to a block of one of the names, or to the end; stops at the name.</summary>
    internal IReadOnlyList<Statement> ParseUntil(params string[] ends)
    {
        var statements = new List<Statement>();
        while (true)
        {
            TemplateToken token = _tokens.Current;
            switch (token.Kind)
            {
                case TemplateTokenKind.Data:
                    statements.Add(new DataStatement(_tokens.Take().Text, token.Position));
                    break;
                case TemplateTokenKind.VariableBegin:
                    _tokens.Take();
                    statements.Add(new PrintStatement(_expressions.ParseTuple(), token.Position));
                    _tokens.Expect(TemplateTokenKind.VariableEnd, "'}}'");
                    break;
                case TemplateTokenKind.BlockBegin:
                    _tokens.Take();
                    if (_tokens.Current.Kind is TemplateTokenKind.Name && ends.Contains(_tokens.Current.Text))
                    {
                        return statements;
                    }

                    statements.Add(_tokens.Inside(ParseBlock));
                    break;
                default:
                    return ends.Length == 0 ? statements : throw _tokens.Unexpected($"'{{% {ends[^1]} %}}'");
            }
        }
    }

    /// <summary>The body of a block up to its end, which is taken.</summary>
    internal IReadOnlyList<Statement> ParseBody(string end)
    {
        EndBlock();
        var body = ParseUntil(end);
        _tokens.Take();
        EndBlock();
        return body;
    }

    internal void EndBlock() => _tokens.Expect(TemplateTokenKind.BlockEnd, "'%}'");

    private Statement ParseBlock()
    {
        TemplateToken name = _tokens.Expect(TemplateTokenKind.Name, $"a block: {Known}");
        return name.Text switch
        {
            "if" => ParseIf(name.Position),
            "for" => _loops.ParseFor(name.Position),
            "break" or "continue" => _loops.ParseJump(name),
            "set" => ParseSet(name.Position),
            "with" => ParseWith(name.Position),
            "generation" => new WithStatement([], _macros.ParseApart("endgeneration"), name.Position),
            "macro" => _macros.ParseMacro(name.Position),
            "call" => _macros.ParseCall(name.Position),
            "filter" => ParseFilterBlock(name.Position),
            _ => throw new TemplateException($"the template has the block '{name.Text}', expected one of {Known}.", name.Position),
        };
    }

    private IfStatement ParseIf(int position)
    {
        var branches = new List<(Expression?, IReadOnlyList<Statement>)>();
        Expression? test = _expressions.ParseTuple(conditional: false);
        while (true)
        {
            EndBlock();
            branches.Add((test, test is null ? ParseUntil("endif") : ParseUntil("elif", "else", "endif")));
            string next = _tokens.Take().Text;
            if (next == "endif")
            {
                EndBlock();
                return new IfStatement(branches, position);
            }

            test = next == "elif" ? _expressions.ParseTuple(conditional: false) : null;
        }
    }

    private Statement ParseSet(int position)
    {
        AssignTarget target = ParseTarget(withNamespace: true);
        if (_tokens.TakeOperator("="))
        {
            Expression value = _expressions.ParseTuple();
            EndBlock();
            return new SetStatement(target, value, position);
        }

        FilterExpression? filter = null;
        while (_tokens.Current.IsOperator("|"))
        {
            filter = _expressions.Operands.ParseFilter(filter);
        }

        return new SetBlockStatement(target, filter, ParseBody("endset"), position);
    }

    private WithStatement ParseWith(int position)
    {
        var values = new List<(AssignTarget, Expression)>();
        while (_tokens.Current.Kind is not TemplateTokenKind.BlockEnd)
        {
            if (values.Count > 0)
            {
                _tokens.ExpectOperator(",");
            }

            AssignTarget target = ParseTarget(withNamespace: false);
            _tokens.ExpectOperator("=");
            values.Add((target, _expressions.Parse()));
        }

        return new WithStatement(values, ParseBody("endwith"), position);
    }

    private FilterBlockStatement ParseFilterBlock(int position)
    {
        FilterExpression filter = _expressions.Operands.ParseFilterName(null);
        while (_tokens.Current.IsOperator("|"))
        {
            filter = _expressions.Operands.ParseFilter(filter);
        }

        return new FilterBlockStatement(filter, ParseBody("endfilter"), position);
    }

    /// <summary>A name, <c>namespace.name</c> where that may be, or several with commas between.</summary>
    internal AssignTarget ParseTarget(bool withNamespace)
    {
        int position = _tokens.Current.Position;
        var targets = new List<AssignTarget>();
        bool isTuple = false;
        do
        {
            if (targets.Count > 0 && (_tokens.Current.IsName("in") || _tokens.Current.IsOperator("=") || _tokens.Current.IsOperator(")")))
            {
                break; // a comma at the end
            }

            targets.Add(ParseOneTarget(withNamespace));
            isTuple = targets.Count > 1 || _tokens.Current.IsOperator(",");
        }
        while (_tokens.TakeOperator(","));
        return isTuple ? new TupleTarget(targets, position) : targets[0];
    }

    private AssignTarget ParseOneTarget(bool withNamespace)
    {
        if (_tokens.TakeOperator("("))
        {
            AssignTarget inner = _tokens.Inside(() => ParseTarget(withNamespace));
            _tokens.ExpectOperator(")");
            return inner;
        }

        TemplateToken name = _tokens.Expect(TemplateTokenKind.Name, "a name to assign to");
        if (name.Text is "true" or "True" or "false" or "False" or "none" or "None")
        {
            throw new TemplateException($"a value is assigned to '{name.Text}', expected a name that is no constant.", name.Position);
        }

        return withNamespace && _tokens.TakeOperator(".")
            ? new NamespaceTarget(name.Text, _tokens.Expect(TemplateTokenKind.Name, "a name").Text, name.Position)
            : new NameTarget(name.Text, name.Position);
    }
}
