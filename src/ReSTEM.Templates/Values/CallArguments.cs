using System.Numerics;

namespace ReSTEM.Templates;

/// <summary>Arguments of a call, with their values.</summary>
/// <param name="Callee">What is called, for messages.</param>
/// <param name="Positional">By position.</param>
/// <param name="Named">By name.</param>
internal sealed record CallArguments(string Callee, IReadOnlyList<object> Positional, IReadOnlyDictionary<string, object> Named)
{
    private static readonly Dictionary<string, object> NoNames = [];

    internal static CallArguments None(string callee) => new(callee, [], NoNames);

    /// <summary>The values in order of the parameters, null for what is not given.</summary>
    /// <exception cref="TemplateException">There are more, unknown names, or two values for one.</exception>
    internal object?[] Bind(params string[] parameters)
    {
        if (Positional.Count > parameters.Length)
        {
            throw new TemplateException($"{Callee} has {Positional.Count} arguments, expected at most {parameters.Length}.");
        }

        var values = new object?[parameters.Length];
        for (int i = 0; i < Positional.Count; i++)
        {
            values[i] = Positional[i];
        }

        foreach (var (name, value) in Named)
        {
            int index = Array.IndexOf(parameters, name);
            if (index < 0 || values[index] is not null)
            {
                throw new TemplateException(index < 0
                    ? $"{Callee} has the argument '{name}', expected {(parameters.Length == 0 ? "none" : string.Join(", ", parameters))}."
                    : $"{Callee} has two values for '{name}', expected one.");
            }

            values[index] = value;
        }

        return values;
    }

    /// <summary>A value that must be given.</summary>
    internal object Required(object? value, string name) => value ?? throw new TemplateException($"{Callee} lacks the argument '{name}', expected it.");

    internal string Text(object? value, string name, string otherwise) => value switch
    {
        null => otherwise,
        string text => text,
        _ => throw Wrong(value, name, "text"),
    };

    internal static bool Flag(object? value, bool otherwise) => value is null ? otherwise : ValueKinds.IsTrue(value);

    /// <summary>A whole number that a computer counts with.</summary>
    internal int Count(object? value, string name, int otherwise) => value is null
        ? otherwise
        : WholeNumbers.Of(value) is { } number && BigInteger.Abs(number) <= int.MaxValue ? (int)number : throw Wrong(value, name, "a whole number");

    internal TemplateException Wrong(object value, string name, string expected) =>
        new($"argument '{name}' of {Callee} is {ValueText.Short(value)}, expected {expected}.");
}
