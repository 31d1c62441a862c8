namespace ReSTEM.Templates;

/// <summary>Something that has a value.</summary>
/// <param name="Position">Offset in the template's text.</param>
internal abstract record Expression(int Position);

internal sealed record ConstantExpression(object Value, int Position) : Expression(Position);

internal sealed record NameExpression(string Name, int Position) : Expression(Position);

/// <summary>A list, or a tuple.</summary>
internal sealed record ListExpression(IReadOnlyList<Expression> Items, bool IsTuple, int Position) : Expression(Position);

internal sealed record DictExpression(IReadOnlyList<(Expression Key, Expression Value)> Items, int Position) : Expression(Position);

/// <summary><c>a.b</c>.</summary>
internal sealed record AttributeExpression(Expression Of, string Name, int Position) : Expression(Position);

/// <summary><c>a[b]</c>.</summary>
internal sealed record ItemExpression(Expression Of, Expression Index, int Position) : Expression(Position);

/// <summary><c>a[from:to:step]</c>.</summary>
internal sealed record SliceExpression(Expression Of, Expression? From, Expression? To, Expression? Step, int Position) : Expression(Position);

/// <summary><c>f(a, b=c)</c>.</summary>
internal sealed record CallExpression(Expression Function, ArgumentList Arguments, int Position) : Expression(Position);

/// <summary><c>a | f(b)</c>; without an input the text of a block.</summary>
internal sealed record FilterExpression(Expression? Input, string Name, ArgumentList Arguments, int Position) : Expression(Position);

/// <summary><c>a is t(b)</c>.</summary>
internal sealed record TestExpression(Expression Input, string Name, ArgumentList Arguments, int Position) : Expression(Position);

/// <summary>Minus, plus or not.</summary>
internal sealed record UnaryExpression(string Operator, Expression Operand, int Position) : Expression(Position);

/// <summary>Arithmetic, <c>and</c> and <c>or</c>.</summary>
internal sealed record BinaryExpression(string Operator, Expression Left, Expression Right, int Position) : Expression(Position);

/// <summary><c>a ~ b ~ c</c>.</summary>
internal sealed record ConcatExpression(IReadOnlyList<Expression> Parts, int Position) : Expression(Position);

/// <summary><c>a &lt; b &lt;= c</c>, with <c>in</c> and <c>not in</c> among the operators.</summary>
internal sealed record CompareExpression(Expression First, IReadOnlyList<(string Operator, Expression Right)> Rest, int Position) : Expression(Position);

/// <summary><c>a if test else b</c>.</summary>
internal sealed record ConditionalExpression(Expression Test, Expression Then, Expression? Else, int Position) : Expression(Position);

/// <summary>Arguments of a call, a filter or a test.</summary>
/// <param name="Positional">By position.</param>
/// <param name="Named">By name.</param>
/// <param name="MorePositional">After <c>*</c>; null for none.</param>
/// <param name="MoreNamed">After <c>**</c>; null for none.</param>
internal sealed record ArgumentList(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named,
    Expression? MorePositional = null, Expression? MoreNamed = null)
{
    internal static ArgumentList None { get; } = new([], []);
}
