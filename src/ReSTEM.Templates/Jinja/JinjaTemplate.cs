using System.Text.Json;

namespace ReSTEM.Templates;

/// <summary>A template in the part of Jinja that chat templates are written in, as transformers sets it up. Safe for several threads.</summary>
/// <remarks>docs/chat-templates.md says what is understood, and what rendering may take.</remarks>
public sealed class JinjaTemplate
{
    /// <summary>Longest template.</summary>
    public const int MostCharacters = 1 << 18;

    private readonly string _name;
    private readonly string _source;
    private readonly IReadOnlyList<Statement> _statements;

    private JinjaTemplate(string name, string source, IReadOnlyList<Statement> statements) => (_name, _source, _statements) = (name, source, statements);

    /// <summary>Reads a template.</summary>
    /// <param name="name">For messages: where it comes from.</param>
    /// <param name="text">The template.</param>
    /// <exception cref="InvalidDataException">It is not one; the message has line and column.</exception>
    public static JinjaTemplate Parse(string name, string text)
    {
        if (text.Length > MostCharacters)
        {
            throw new InvalidDataException($"{name}: the template has {text.Length} characters, expected at most {MostCharacters}.");
        }

        string source = TemplateLexer.Normalise(text);
        try
        {
            return new JinjaTemplate(name, source, StatementParser.Parse(TemplateLexer.Read(source)));
        }
        catch (TemplateException fault)
        {
            throw Placed(name, source, fault);
        }
    }

    /// <summary>Renders it.</summary>
    /// <param name="variables">Values by name, beside those that every template has.</param>
    /// <param name="today">The date that <c>strftime_now</c> writes; throws where there is none.</param>
    /// <exception cref="InvalidDataException">The template raises an error, or asks for what cannot be; the message has line and column.</exception>
    public string Render(IEnumerable<KeyValuePair<string, JsonElement>> variables, Func<DateTimeOffset> today)
    {
        var budget = new RenderBudget();
        var scope = new Scope(null);
        foreach (var (name, value) in TemplateGlobals.Create(budget, today))
        {
            scope.Set(name, value);
        }

        foreach (var (name, value) in variables)
        {
            scope.Set(name, Read(name, value));
        }

        try
        {
            return new Interpreter(budget).Render(_statements, new Scope(scope));
        }
        catch (TemplateException fault)
        {
            throw Placed(_name, _source, fault);
        }
    }

    private static object Read(string name, JsonElement value)
    {
        try
        {
            return ValueJson.Read(value);
        }
        catch (Exception fault) when (fault is InvalidOperationException or TemplateException) // half a surrogate pair, a number without end
        {
            throw new InvalidDataException($"the template variable '{name}' cannot be read: {fault.Message}", fault);
        }
    }

    private static InvalidDataException Placed(string name, string source, TemplateException fault)
    {
        int position = Math.Clamp(fault.Position, 0, source.Length);
        int line = source.AsSpan(0, position).Count('\n') + 1;
        int column = position - source.AsSpan(0, position).LastIndexOf('\n');
        return new InvalidDataException($"{name}:{line}:{column}: {fault.Message}", fault);
    }
}
