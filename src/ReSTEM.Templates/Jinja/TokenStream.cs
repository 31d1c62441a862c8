namespace ReSTEM.Templates;

/// <summary>The tokens of a template, one after the other, and how deep the parser is in them.</summary>
internal sealed class TokenStream(List<TemplateToken> tokens)
{
    private const int MostDepth = 60;

    private int _next;
    private int _depth;

    internal TemplateToken Current => tokens[_next];

    internal TemplateToken Following => tokens[Math.Min(_next + 1, tokens.Count - 1)];

    /// <summary>Number of the current token.</summary>
    internal int Position => _next;

    /// <summary>Names from a token's number up to the current token.</summary>
    internal HashSet<string> NamesSince(int position) =>
        [.. tokens[position.._next].Where(token => token.Kind is TemplateTokenKind.Name).Select(token => token.Text)];

    /// <summary>Gives the current token and goes on; the end is never passed.</summary>
    internal TemplateToken Take()
    {
        TemplateToken token = Current;
        _next = Math.Min(_next + 1, tokens.Count - 1);
        return token;
    }

    internal bool TakeName(string name)
    {
        bool found = Current.IsName(name);
        _next += found ? 1 : 0;
        return found;
    }

    internal bool TakeOperator(string text)
    {
        bool found = Current.IsOperator(text);
        _next += found ? 1 : 0;
        return found;
    }

    internal void ExpectOperator(string text)
    {
        if (!TakeOperator(text))
        {
            throw Unexpected($"'{text}'");
        }
    }

    internal TemplateToken Expect(TemplateTokenKind kind, string what) => Current.Kind == kind ? Take() : throw Unexpected(what);

    internal TemplateException Unexpected(string expected) => new($"the template has {Current.Shown}, expected {expected}.", Current.Position);

    /// <summary>Parses something inside something; so deep only that no template exhausts the stack.</summary>
    internal T Inside<T>(Func<T> parse)
    {
        if (++_depth > MostDepth)
        {
            throw new TemplateException($"the template is nested more than {MostDepth} deep, expected at most that.", Current.Position);
        }

        T result = parse();
        _depth--;
        return result;
    }
}
