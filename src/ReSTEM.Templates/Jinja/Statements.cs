namespace ReSTEM.Templates;

/// <summary>Something that a template does.</summary>
/// <param name="Position">Offset in the template's text.</param>
internal abstract record Statement(int Position);

/// <summary>Text as it stands.</summary>
internal sealed record DataStatement(string Text, int Position) : Statement(Position);

/// <summary><c>{{ value }}</c>.</summary>
internal sealed record PrintStatement(Expression Value, int Position) : Statement(Position);

/// <summary>The first branch whose test is true; a null test is else.</summary>
internal sealed record IfStatement(IReadOnlyList<(Expression? Test, IReadOnlyList<Statement> Body)> Branches, int Position) : Statement(Position);

/// <summary><c>for target in items if test</c>; the else body runs when nothing was passed through.</summary>
internal sealed record ForStatement(
    AssignTarget Target, Expression Items, Expression? Test, bool IsRecursive, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Else,
    int Position) : Statement(Position);

/// <summary>Leaves a loop, or begins its next pass.</summary>
internal sealed record JumpStatement(bool IsBreak, int Position) : Statement(Position);

internal sealed record SetStatement(AssignTarget Target, Expression Value, int Position) : Statement(Position);

/// <summary>Sets a variable to the text of the body, through filters.</summary>
internal sealed record SetBlockStatement(
    AssignTarget Target, FilterExpression? Filter, IReadOnlyList<Statement> Body, int Position) : Statement(Position);

internal sealed record MacroStatement(string Name, MacroShape Shape, int Position) : Statement(Position);

/// <summary>Calls a macro that may call the body as <c>caller</c>.</summary>
internal sealed record CallBlockStatement(Expression Call, MacroShape Caller, int Position) : Statement(Position);

internal sealed record FilterBlockStatement(FilterExpression Filter, IReadOnlyList<Statement> Body, int Position) : Statement(Position);

/// <summary>A body with variables of its own; also what <c>generation</c> is.</summary>
internal sealed record WithStatement(
    IReadOnlyList<(AssignTarget Target, Expression Value)> Values, IReadOnlyList<Statement> Body, int Position) : Statement(Position);

/// <summary>Parameters and body of a macro.</summary>
/// <param name="Parameters">Names with defaults; null for none.</param>
/// <param name="Body">What it renders.</param>
/// <param name="TakesCaller">Whether the body has the name <c>caller</c>.</param>
/// <param name="TakesMorePositional">Whether it has <c>varargs</c>.</param>
/// <param name="TakesMoreNamed">Whether it has <c>kwargs</c>.</param>
internal sealed record MacroShape(
    IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body,
    bool TakesCaller, bool TakesMorePositional, bool TakesMoreNamed);

/// <summary>What is assigned to.</summary>
internal abstract record AssignTarget(int Position);

internal sealed record NameTarget(string Name, int Position) : AssignTarget(Position);

/// <summary><c>namespace.name</c>.</summary>
internal sealed record NamespaceTarget(string Namespace, string Name, int Position) : AssignTarget(Position);

internal sealed record TupleTarget(IReadOnlyList<AssignTarget> Items, int Position) : AssignTarget(Position);
