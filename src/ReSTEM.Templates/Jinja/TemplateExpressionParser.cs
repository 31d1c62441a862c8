using System.Globalization;
using System.Numerics;

namespace ReSTEM.Templates;

/// <summary>Parses expressions: conditions, logic, comparisons, arithmetic; what binds closest is in <see cref="OperandParser"/>.</summary>
internal sealed class TemplateExpressionParser
{
    private readonly TokenStream _tokens;

    internal TemplateExpressionParser(TokenStream tokens)
    {
        _tokens = tokens;
        Operands = new OperandParser(tokens, this);
    }

    internal OperandParser Operands { get; }

    internal Expression Parse() => _tokens.Inside(ParseConditional);

    /// <summary>An expression without <c>if</c>, for where that word means something else.</summary>
    internal Expression ParseUnconditional() => _tokens.Inside(ParseOr);

    /// <summary>One expression, or a tuple where commas follow.</summary>
    /// <param name="conditional">Whether <c>a if b else c</c> may stand there.</param>
    internal Expression ParseTuple(bool conditional = true)
    {
        int position = _tokens.Current.Position;
        var items = new List<Expression>();
        bool isTuple = false;
        while (!EndsTuple())
        {
            items.Add(conditional ? Parse() : ParseUnconditional());
            if (!_tokens.TakeOperator(","))
            {
                break;
            }

            isTuple = true;
        }

        return isTuple ? new ListExpression(items, IsTuple: true, position)
            : items.Count == 1 ? items[0]
            : throw _tokens.Unexpected("an expression");
    }

    private bool EndsTuple() =>
        _tokens.Current.Kind is TemplateTokenKind.VariableEnd or TemplateTokenKind.BlockEnd or TemplateTokenKind.End || _tokens.Current.IsOperator(")");

    private Expression ParseConditional()
    {
        Expression then = ParseOr();
        while (_tokens.Current.IsName("if"))
        {
            int position = _tokens.Take().Position;
            Expression test = ParseOr();
            Expression? otherwise = _tokens.TakeName("else") ? Parse() : null;
            then = new ConditionalExpression(test, then, otherwise, position);
        }

        return then;
    }

    private Expression ParseOr() => ParseLeft(["or"], ParseAnd);

    private Expression ParseAnd() => ParseLeft(["and"], ParseNot);

    private Expression ParseNot() => _tokens.Current.IsName("not")
        ? new UnaryExpression("not", Prefixed(_tokens.Take(), ParseNot), _tokens.Current.Position)
        : ParseComparison();

    private Expression Prefixed(TemplateToken prefix, Func<Expression> parse) =>
        prefix.Kind is TemplateTokenKind.End ? throw _tokens.Unexpected("an expression") : _tokens.Inside(parse);

    private Expression ParseComparison()
    {
        int position = _tokens.Current.Position;
        Expression first = ParseSum();
        var rest = new List<(string, Expression)>();
        while (TakeComparison() is { } comparison)
        {
            rest.Add((comparison, ParseSum()));
        }

        return rest.Count == 0 ? first : new CompareExpression(first, rest, position);
    }

    private string? TakeComparison()
    {
        if (_tokens.Current is { Kind: TemplateTokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" })
        {
            return _tokens.Take().Text;
        }

        if (_tokens.Current.IsName("not") && _tokens.Following.IsName("in"))
        {
            _tokens.Take();
            _tokens.Take();
            return "not in";
        }

        return _tokens.TakeName("in") ? "in" : null;
    }

    private Expression ParseSum() => ParseLeft(["+", "-"], ParseConcat);

    private Expression ParseConcat()
    {
        int position = _tokens.Current.Position;
        var parts = new List<Expression> { ParseProduct() };
        while (_tokens.TakeOperator("~"))
        {
            parts.Add(ParseProduct());
        }

        return parts.Count == 1 ? parts[0] : new ConcatExpression(parts, position);
    }

    private Expression ParseProduct() => ParseLeft(["*", "/", "//", "%"], ParsePower);

    private Expression ParsePower() => ParseLeft(["**"], () => ParseSigned(withFilters: true));

    /// <summary>A sign, or an operand, with what follows it.</summary>
    private Expression ParseSigned(bool withFilters)
    {
        TemplateToken token = _tokens.Current;
        Expression operand = token.IsOperator("-") || token.IsOperator("+")
            ? new UnaryExpression(token.Text, Prefixed(_tokens.Take(), () => ParseSigned(withFilters: false)), token.Position)
            : Operands.ParsePrimary();
        operand = Operands.ParsePostfix(operand);
        return withFilters ? Operands.ParseFilters(operand) : operand;
    }

    /// <summary>Operators that bind from left to right. A chain is a tree as deep as it is long, so it counts as nesting.</summary>
    private Expression ParseLeft(string[] operators, Func<Expression> parseOperand)
    {
        Expression left = parseOperand();
        while (_tokens.Current.Kind is TemplateTokenKind.Operator or TemplateTokenKind.Name && operators.Contains(_tokens.Current.Text))
        {
            TemplateToken token = _tokens.Take();
            left = new BinaryExpression(token.Text, left, parseOperand(), token.Position);
        }

        return left;
    }

    /// <summary>The value of a number as it is written.</summary>
    internal static object NumberOf(TemplateToken token)
    {
        string digits = token.Text.Replace("_", "", StringComparison.Ordinal);
        if (token.Kind is TemplateTokenKind.Float)
        {
            return double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        if (digits.Length > WholeNumbers.MostDigits)
        {
            throw new TemplateException($"a number has {digits.Length} digits, expected at most {WholeNumbers.MostDigits}.", token.Position);
        }

        int radix = digits.Length < 2 ? 10 : digits[1] switch { 'b' or 'B' => 2, 'o' or 'O' => 8, 'x' or 'X' => 16, _ => 10 };
        return WholeNumbers.Parse(radix == 10 ? digits : digits[2..], radix) ?? BigInteger.Zero;
    }
}
