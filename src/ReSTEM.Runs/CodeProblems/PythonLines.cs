namespace ReSTEM.Runs;

/// <summary>Reads Python line by line, knowing strings, brackets and comments and nothing else.</summary>
internal sealed class PythonLines
{
    private string _quotes = "";
    private int _depth;
    private bool _continues;
    private char _last;

    /// <summary>Whether the next line begins a statement: no string, bracket or backslash goes on.</summary>
    internal bool IsBetweenStatements => _quotes.Length == 0 && _depth == 0 && !_continues;

    /// <summary>Whether anything but blanks and comments was read.</summary>
    internal bool HasCode => _last != '\0';

    /// <summary>Whether the last statement is the head of a block that has nothing in it yet.</summary>
    internal bool EndsInHead => _last == ':' && IsBetweenStatements;

    /// <summary>The blanks before the last statement.</summary>
    internal string Indentation { get; private set; } = "";

    internal void Read(string line)
    {
        if (IsBetweenStatements && line.AsSpan().Trim() is { IsEmpty: false } text && text[0] != '#')
        {
            Indentation = line[..^line.AsSpan().TrimStart().Length];
        }

        _continues = false;
        for (int at = 0; at < line.Length; at++)
        {
            if (_quotes.Length > 0)
            {
                at = InString(line, at);
                continue;
            }

            char one = line[at];
            if (one == '#')
            {
                break;
            }

            if (one is '"' or '\'')
            {
                _quotes = line.AsSpan(at).StartsWith(new string(one, 3), StringComparison.Ordinal) ? new string(one, 3) : one.ToString();
                at += _quotes.Length - 1;
            }

            _depth += one is '(' or '[' or '{' ? 1 : one is ')' or ']' or '}' && _depth > 0 ? -1 : 0;
            _continues = one == '\\' && at == line.Length - 1;
            _last = char.IsWhiteSpace(one) ? _last : one;
        }

        if (_quotes.Length == 1)
        {
            _quotes = "";
        }
    }

    private int InString(string line, int at)
    {
        if (line[at] == '\\')
        {
            return at + 1;
        }

        if (line.AsSpan(at).StartsWith(_quotes, StringComparison.Ordinal))
        {
            at += _quotes.Length - 1;
            _quotes = "";
        }

        return at;
    }
}
