namespace ReSTEM.Templates;

internal sealed partial class Interpreter
{
    private CallArguments Arguments(string callee, ArgumentList list, Scope scope)
    {
        if (list.Positional.Count == 0 && list.Named.Count == 0 && list.MorePositional is null && list.MoreNamed is null)
        {
            return CallArguments.None(callee);
        }

        List<object> positional = [.. list.Positional.Select(argument => Evaluate(argument, scope))];
        var named = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in list.Named)
        {
            AddNamed(callee, named, name, Evaluate(value, scope));
        }

        if (list.MorePositional is { } more)
        {
            foreach (object item in ValueKinds.Items(Evaluate(more, scope)))
            {
                Budget.Charge(1);
                positional.Add(item);
            }
        }

        if (list.MoreNamed is { } moreNamed)
        {
            object value = Evaluate(moreNamed, scope);
            foreach (var (key, item) in (value as DictValue ?? throw new TemplateException(
                $"what follows '**' is of type {ValueKinds.NameOf(value)}, expected a dict.")).Items)
            {
                AddNamed(callee, named, key as string ?? throw new TemplateException("a key after '**' is no text, expected names."), item);
            }
        }

        return new CallArguments(callee, positional, named);
    }

    private static void AddNamed(string callee, Dictionary<string, object> named, string name, object value)
    {
        if (!named.TryAdd(name, value))
        {
            throw new TemplateException($"{callee} has two values for '{name}', expected one.");
        }
    }

    private static object Call(object function, CallArguments arguments) => function switch
    {
        FunctionValue callable => callable.Call(arguments with { Callee = $"'{callable.Name}'" }),
        LoopValue loop => loop.Recurse(arguments with { Callee = "'loop'" }),
        Undefined missing => throw missing.Fault(),
        _ => throw new TemplateException($"a value of type {ValueKinds.NameOf(function)} is called, expected a macro, method or function."),
    };

    private object ApplyFilter(FilterExpression filter, string? text, Scope scope)
    {
        object value = filter.Input switch
        {
            null => text ?? "",
            FilterExpression inner => ApplyFilter(inner, text, scope),
            _ => Evaluate(filter.Input, scope),
        };
        Budget.Step();
        return Filters.Apply(filter.Name, this, value, Arguments($"filter '{filter.Name}'", filter.Arguments, scope));
    }

    private FunctionValue Macro(string name, MacroShape shape, Scope around) =>
        new(name, arguments => CallMacro(name, shape, around, arguments));

    private object CallWithBody(CallBlockStatement block, Scope scope)
    {
        var call = (CallExpression)block.Call;
        object function = Evaluate(call.Function, scope);
        CallArguments arguments = Arguments("a call", call.Arguments, scope);
        var named = new Dictionary<string, object>(arguments.Named, StringComparer.Ordinal);
        AddNamed("a call", named, "caller", Macro("caller", block.Caller, scope));
        return Call(function, arguments with { Named = named });
    }

    private string CallMacro(string name, MacroShape shape, Scope around, CallArguments arguments)
    {
        var inner = new Scope(around);
        Bind(name, shape, arguments, inner);
        Budget.Enter();
        string text = Capture(() => Run(shape.Body, inner));
        Budget.Leave();
        return text;
    }

    private void Bind(string name, MacroShape shape, CallArguments arguments, Scope inner)
    {
        if (arguments.Positional.Count > shape.Parameters.Count && !shape.TakesMorePositional)
        {
            throw new TemplateException($"macro '{name}' takes not more than {shape.Parameters.Count} argument(s), it has {arguments.Positional.Count}.");
        }

        var named = new Dictionary<string, object>(arguments.Named, StringComparer.Ordinal);
        for (int i = 0; i < shape.Parameters.Count; i++)
        {
            var (parameter, otherwise) = shape.Parameters[i];
            object? value = i < arguments.Positional.Count ? arguments.Positional[i] : named.Remove(parameter, out object? given) ? given : null;
            inner.Set(parameter, value
                ?? (otherwise is null ? new Undefined($"parameter '{parameter}' was not provided") : Evaluate(otherwise, inner)));
        }

        if (shape.TakesCaller)
        {
            inner.Set("caller", named.Remove("caller", out object? caller) ? caller : new Undefined("No caller defined"));
        }

        if (shape.TakesMoreNamed)
        {
            var more = new DictValue();
            named.ToList().ForEach(item => more.Set(item.Key, item.Value));
            inner.Set("kwargs", more);
        }
        else if (named.Count > 0)
        {
            throw new TemplateException($"macro '{name}' takes no keyword argument '{named.Keys.First()}'.");
        }

        if (shape.TakesMorePositional)
        {
            inner.Set("varargs", ListValue.Tuple([.. arguments.Positional.Skip(shape.Parameters.Count)]));
        }
    }
}
