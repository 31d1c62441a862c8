using System.Text;

namespace ReSTEM.Templates;

/// <summary>Parses names, literals and brackets, and what follows them: attributes, items, calls, filters and tests.</summary>
internal sealed class OperandParser(TokenStream tokens, TemplateExpressionParser expressions)
{
    internal Expression ParsePrimary()
    {
        TemplateToken token = tokens.Current;
        switch (token.Kind)
        {
            case TemplateTokenKind.Name:
                tokens.Take();
                return token.Text switch
                {
                    "true" or "True" => new ConstantExpression(true, token.Position),
                    "false" or "False" => new ConstantExpression(false, token.Position),
                    "none" or "None" => new ConstantExpression(None.Value, token.Position),
                    _ => new NameExpression(token.Text, token.Position),
                };
            case TemplateTokenKind.String:
                return new ConstantExpression(ParseStrings(), token.Position);
            case TemplateTokenKind.Integer or TemplateTokenKind.Float:
                return new ConstantExpression(TemplateExpressionParser.NumberOf(tokens.Take()), token.Position);
            default:
                return tokens.Inside(ParseBrackets);
        }
    }

    internal Expression ParsePostfix(Expression operand)
    {
        while (true)
        {
            TemplateToken token = tokens.Current;
            if (token.IsOperator("."))
            {
                operand = ParseAttribute(operand);
            }
            else if (token.IsOperator("["))
            {
                operand = tokens.Inside(() => ParseItem(operand));
            }
            else if (token.IsOperator("("))
            {
                operand = new CallExpression(operand, ParseArguments(), token.Position);
            }
            else
            {
                return operand;
            }
        }
    }

    internal Expression ParseFilters(Expression operand)
    {
        while (true)
        {
            TemplateToken token = tokens.Current;
            if (token.IsOperator("|"))
            {
                operand = ParseFilter(operand);
            }
            else if (token.IsName("is"))
            {
                operand = ParseTest(operand);
            }
            else if (token.IsOperator("("))
            {
                operand = new CallExpression(operand, ParseArguments(), token.Position);
            }
            else
            {
                return operand;
            }
        }
    }

    /// <summary>A filter, at its <c>|</c>.</summary>
    internal FilterExpression ParseFilter(Expression? input)
    {
        tokens.ExpectOperator("|");
        return ParseFilterName(input);
    }

    /// <summary>A filter, at its name.</summary>
    internal FilterExpression ParseFilterName(Expression? input)
    {
        TemplateToken name = tokens.Expect(TemplateTokenKind.Name, "the name of a filter");
        return new FilterExpression(input, name.Text, tokens.Current.IsOperator("(") ? ParseArguments() : ArgumentList.None, name.Position);
    }

    private string ParseStrings()
    {
        var text = new StringBuilder(tokens.Take().Text);
        while (tokens.Current.Kind is TemplateTokenKind.String)
        {
            text.Append(tokens.Take().Text);
        }

        return text.ToString();
    }

    private Expression ParseBrackets()
    {
        TemplateToken token = tokens.Current;
        if (tokens.TakeOperator("("))
        {
            bool isEmpty = tokens.Current.IsOperator(")");
            Expression inner = isEmpty ? new ListExpression([], IsTuple: true, token.Position) : expressions.ParseTuple();
            tokens.ExpectOperator(")");
            return inner;
        }

        if (tokens.TakeOperator("["))
        {
            return new ListExpression(ParseItems("]", expressions.Parse), IsTuple: false, token.Position);
        }

        return tokens.TakeOperator("{")
            ? new DictExpression(ParseItems("}", ParsePair), token.Position)
            : throw tokens.Unexpected("an expression");
    }

    private List<T> ParseItems<T>(string end, Func<T> parse)
    {
        var items = new List<T>();
        while (!tokens.TakeOperator(end))
        {
            if (items.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.TakeOperator(end))
                {
                    break;
                }
            }

            items.Add(parse());
        }

        return items;
    }

    private (Expression Key, Expression Value) ParsePair()
    {
        Expression key = expressions.Parse();
        tokens.ExpectOperator(":");
        return (key, expressions.Parse());
    }

    private Expression ParseAttribute(Expression operand)
    {
        int position = tokens.Take().Position;
        return tokens.Current.Kind is TemplateTokenKind.Integer
            ? new ItemExpression(operand, new ConstantExpression(TemplateExpressionParser.NumberOf(tokens.Take()), position), position)
            : new AttributeExpression(operand, tokens.Expect(TemplateTokenKind.Name, "a name").Text, position);
    }

    private Expression ParseItem(Expression operand)
    {
        int position = tokens.Take().Position;
        Expression? from = tokens.Current.IsOperator(":") ? null : expressions.Parse();
        if (from is not null && tokens.TakeOperator("]"))
        {
            return new ItemExpression(operand, from, position);
        }

        tokens.ExpectOperator(":");
        Expression? to = EndsPart() ? null : expressions.Parse();
        Expression? step = tokens.TakeOperator(":") && !EndsPart() ? expressions.Parse() : null;
        tokens.ExpectOperator("]");
        return new SliceExpression(operand, from, to, step, position);
    }

    private bool EndsPart() => tokens.Current.IsOperator(":") || tokens.Current.IsOperator("]");

    private Expression ParseTest(Expression operand)
    {
        int position = tokens.Take().Position;
        bool isNegated = tokens.TakeName("not");
        string name = tokens.Expect(TemplateTokenKind.Name, "the name of a test").Text;
        ArgumentList arguments = tokens.Current.IsOperator("(") ? ParseArguments()
            : BeginsOperand() ? new ArgumentList([ParsePostfix(ParsePrimary())], [])
            : ArgumentList.None;
        var test = new TestExpression(operand, name, arguments, position);
        return isNegated ? new UnaryExpression("not", test, position) : test;
    }

    // A test may have one argument without brackets.
    private bool BeginsOperand() => tokens.Current switch
    {
        { Kind: TemplateTokenKind.Name, Text: "is" } => throw tokens.Unexpected("no second 'is': tests do not chain"),
        { Kind: TemplateTokenKind.Name, Text: "else" or "or" or "and" } => false,
        { Kind: TemplateTokenKind.Name or TemplateTokenKind.String or TemplateTokenKind.Integer or TemplateTokenKind.Float } => true,
        { Kind: TemplateTokenKind.Operator, Text: "[" or "{" } => true,
        _ => false,
    };

    internal ArgumentList ParseArguments() => tokens.Inside(() =>
    {
        tokens.ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? morePositional = null;
        Expression? moreNamed = null;
        _ = ParseItems(")", () =>
        {
            if (moreNamed is not null)
            {
                throw tokens.Unexpected("')' after the argument with '**'");
            }

            if (tokens.TakeOperator("**"))
            {
                moreNamed = expressions.Parse();
            }
            else if (tokens.Current.IsOperator("*") && morePositional is null)
            {
                tokens.Take();
                morePositional = expressions.Parse();
            }
            else if (tokens.Current.Kind is TemplateTokenKind.Name && tokens.Following.IsOperator("="))
            {
                string name = tokens.Take().Text;
                tokens.Take();
                named.Add((name, expressions.Parse()));
            }
            else if (named.Count > 0 || morePositional is not null)
            {
                throw tokens.Unexpected("arguments with names after the first one that has a name");
            }
            else
            {
                positional.Add(expressions.Parse());
            }

            return true;
        });
        return new ArgumentList(positional, named, morePositional, moreNamed);
    });
}
