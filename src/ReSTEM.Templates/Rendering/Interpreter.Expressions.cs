namespace ReSTEM.Templates;

internal sealed partial class Interpreter
{
    private object Evaluate(Expression expression, Scope scope)
    {
        try
        {
            Budget.Enter();
            object value = ValueOf(expression, scope);
            Budget.Look(value);
            Budget.Leave();
            return value;
        }
        catch (TemplateException fault) when (fault.IsHandledAt(expression.Position))
        {
            throw;
        }
    }

    private object ValueOf(Expression expression, Scope scope) => expression switch
    {
        ConstantExpression constant => constant.Value,
        NameExpression name => scope.Get(name.Name),
        ListExpression list => List(list, scope),
        DictExpression dict => Dict(dict, scope),
        AttributeExpression attribute => Members.Attribute(Evaluate(attribute.Of, scope), attribute.Name, Budget),
        ItemExpression item => Members.Item(Evaluate(item.Of, scope), Evaluate(item.Index, scope), Budget),
        SliceExpression slice => Slices.Of(
            Evaluate(slice.Of, scope), Optional(slice.From, scope), Optional(slice.To, scope), Optional(slice.Step, scope), Budget),
        CallExpression call => Call(Evaluate(call.Function, scope), Arguments("a call", call.Arguments, scope)),
        FilterExpression filter => ApplyFilter(filter, null, scope),
        TestExpression test => ValueTests.Apply(
            test.Name, Evaluate(test.Input, scope), Arguments($"test '{test.Name}'", test.Arguments, scope), Budget),
        UnaryExpression unary => Operators.Unary(unary.Operator, Evaluate(unary.Operand, scope)),
        BinaryExpression binary => Binary(binary, scope),
        ConcatExpression concat => Concat(concat, scope),
        CompareExpression compare => Compare(compare, scope),
        ConditionalExpression conditional => Conditional(conditional, scope),
        _ => throw new TemplateException($"the template has {expression.GetType().Name}, expected an expression."),
    };

    private object? Optional(Expression? expression, Scope scope) => expression is null ? null : Evaluate(expression, scope);

    private ListValue List(ListExpression list, Scope scope)
    {
        Budget.Charge(list.Items.Count);
        return new ListValue([.. list.Items.Select(item => Evaluate(item, scope))], list.IsTuple ? ListKind.Tuple : ListKind.List);
    }

    private DictValue Dict(DictExpression expression, Scope scope)
    {
        var dict = new DictValue();
        Budget.Charge(expression.Items.Count);
        foreach (var (key, value) in expression.Items)
        {
            dict.Set(Evaluate(key, scope), Evaluate(value, scope));
        }

        return dict;
    }

    private object Binary(BinaryExpression binary, Scope scope)
    {
        object left = Evaluate(binary.Left, scope);
        return binary.Operator switch
        {
            "and" => ValueKinds.IsTrue(left) ? Evaluate(binary.Right, scope) : left,
            "or" => ValueKinds.IsTrue(left) ? left : Evaluate(binary.Right, scope),
            _ => Operators.Binary(binary.Operator, left, Evaluate(binary.Right, scope), Budget),
        };
    }

    private string Concat(ConcatExpression concat, Scope scope)
    {
        string[] parts = [.. concat.Parts.Select(part => Evaluate(part, scope)).ToList().Select(part => ValueText.Of(part, Budget))];
        Budget.Charge(parts.Sum(part => (long)part.Length));
        return string.Concat(parts);
    }

    private object Compare(CompareExpression compare, Scope scope)
    {
        object left = Evaluate(compare.First, scope);
        foreach (var (operation, operand) in compare.Rest)
        {
            object right = Evaluate(operand, scope);
            if (!Operators.Compare(operation, left, right, Budget))
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    private object Conditional(ConditionalExpression conditional, Scope scope) =>
        ValueKinds.IsTrue(Evaluate(conditional.Test, scope)) ? Evaluate(conditional.Then, scope)
        : conditional.Else is { } otherwise ? Evaluate(otherwise, scope)
        : new Undefined("the inline if-expression evaluated to false and no else section was defined.");
}
