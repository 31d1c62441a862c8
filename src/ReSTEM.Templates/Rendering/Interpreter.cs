using System.Text;

namespace ReSTEM.Templates;

/// <summary>Renders a template once: statements here, expressions and calls in the other parts.</summary>
internal sealed partial class Interpreter
{
    private StringBuilder _output = new();

    internal Interpreter(RenderBudget budget) => Budget = budget;

    private enum Flow
    {
        On,
        Continue,
        Break,
    }

    internal RenderBudget Budget { get; }

    /// <exception cref="TemplateException">The template asks for what cannot be, or for too much.</exception>
    internal string Render(IReadOnlyList<Statement> statements, Scope variables)
    {
        Run(statements, variables);
        return _output.ToString();
    }

    private Flow Run(IReadOnlyList<Statement> statements, Scope scope)
    {
        foreach (Statement statement in statements)
        {
            try
            {
                Budget.Enter();
                Flow flow = Run(statement, scope);
                Budget.Leave();
                if (flow is not Flow.On)
                {
                    return flow;
                }
            }
            catch (TemplateException fault) when (fault.IsHandledAt(statement.Position))
            {
                throw;
            }
        }

        return Flow.On;
    }

    private Flow Run(Statement statement, Scope scope)
    {
        switch (statement)
        {
            case DataStatement data:
                Print(data.Text);
                break;
            case PrintStatement print:
                Print(ValueText.Of(Evaluate(print.Value, scope), Budget));
                break;
            case IfStatement branch:
                return RunIf(branch, scope);
            case ForStatement loop:
                RunFor(loop, Evaluate(loop.Items, scope), scope, depth: 0);
                break;
            case JumpStatement jump:
                return jump.IsBreak ? Flow.Break : Flow.Continue;
            case SetStatement set:
                Assign(set.Target, Evaluate(set.Value, scope), scope);
                break;
            case SetBlockStatement set:
                string text = Capture(() => Run(set.Body, new Scope(scope)));
                Assign(set.Target, set.Filter is null ? text : ApplyFilter(set.Filter, text, scope), scope);
                break;
            case MacroStatement macro:
                scope.Set(macro.Name, Macro(macro.Name, macro.Shape, scope));
                break;
            case CallBlockStatement call:
                Print(ValueText.Of(CallWithBody(call, scope), Budget));
                break;
            case FilterBlockStatement block:
                string body = Capture(() => Run(block.Body, new Scope(scope)));
                Print(ValueText.Of(ApplyFilter(block.Filter, body, scope), Budget));
                break;
            case WithStatement with:
                return RunWith(with, scope);
        }

        return Flow.On;
    }

    private void Print(string text)
    {
        Budget.Charge(text.Length);
        RenderBudget.RequireRoom((long)_output.Length + text.Length);
        _output.Append(text);
    }

    /// <summary>What is printed meanwhile, as a text.</summary>
    private string Capture(Action run)
    {
        StringBuilder outer = _output;
        _output = new StringBuilder();
        run();
        string text = _output.ToString();
        _output = outer;
        return text;
    }

    private Flow RunIf(IfStatement statement, Scope scope)
    {
        foreach (var (test, body) in statement.Branches)
        {
            if (test is null || ValueKinds.IsTrue(Evaluate(test, scope)))
            {
                return Run(body, scope);
            }
        }

        return Flow.On;
    }

    private Flow RunWith(WithStatement with, Scope scope)
    {
        var inner = new Scope(scope);
        foreach (var (target, value) in with.Values)
        {
            Assign(target, Evaluate(value, scope), inner);
        }

        return Run(with.Body, inner);
    }

    private void RunFor(ForStatement statement, object items, Scope scope, int depth)
    {
        int? length = statement.Test is null ? ValueKinds.Length(items) : null;
        var passed = statement.Test is null ? ValueKinds.Items(items) : Passed(statement, ValueKinds.Items(items), scope);
        var loop = new LoopValue(passed, length, depth, statement.IsRecursive
            ? more => Capture(() => RunFor(statement, more, scope, depth + 1))
            : null);
        bool passedThrough = false; // a pass that a jump cuts short does not count, there either
        while (loop.Next() is { } item)
        {
            Budget.Step();
            var inner = new Scope(scope);
            inner.Set("loop", loop);
            Assign(statement.Target, item, inner);
            Flow flow = Run(statement.Body, inner);
            passedThrough |= flow is Flow.On;
            if (flow is Flow.Break)
            {
                break;
            }
        }

        if (!passedThrough)
        {
            Run(statement.Else, new Scope(scope));
        }
    }

    private IEnumerable<object> Passed(ForStatement statement, IEnumerable<object> items, Scope scope)
    {
        foreach (object item in items)
        {
            Budget.Step();
            var inner = new Scope(scope);
            Assign(statement.Target, item, inner);
            if (ValueKinds.IsTrue(Evaluate(statement.Test!, inner)))
            {
                yield return item;
            }
        }
    }

    private static void Assign(AssignTarget target, object value, Scope scope)
    {
        switch (target)
        {
            case NameTarget name:
                scope.Set(name.Name, value);
                break;
            case NamespaceTarget name:
                object found = scope.Get(name.Namespace);
                var names = found as NamespaceValue ?? throw (found is Undefined missing ? missing.Fault() : new TemplateException(
                    $"'{name.Namespace}' is of type {ValueKinds.NameOf(found)}, expected a namespace to assign to."));
                names.Values[name.Name] = value;
                break;
            case TupleTarget tuple:
                object[] parts = [.. ValueKinds.Items(value).Take(tuple.Items.Count + 1)];
                if (parts.Length != tuple.Items.Count)
                {
                    throw new TemplateException($"a value has {(parts.Length < tuple.Items.Count ? $"{parts.Length}" : "more")} items, expected {tuple.Items.Count} for as many names.");
                }

                for (int i = 0; i < parts.Length; i++)
                {
                    Assign(tuple.Items[i], parts[i], scope);
                }

                break;
        }
    }
}
