namespace ReSTEM.Templates;

/// <summary>Cuts a template into text and tags, with the white space around tags taken away as the tags and the settings say.</summary>
/// <remarks>
/// The settings are those of transformers: a line break right after a block is dropped (trim_blocks), blanks before a block that
/// begins its line too (lstrip_blocks), and the template's last line break.
/// </remarks>
internal sealed class TemplateLexer
{
    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private int _position;
    private bool _lineStarts = true; // whether what was read last ended with a line break

    private TemplateLexer(string source) => _source = source;

    /// <summary>Line breaks as they count: one character each, the last one of the text left out.</summary>
    internal static string Normalise(string text)
    {
        string lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return lines.EndsWith('\n') ? lines[..^1] : lines;
    }

    /// <summary>The tokens of a normalised template, an end token last.</summary>
    /// <exception cref="TemplateException">A tag has no end, or holds what is no token.</exception>
    internal static List<TemplateToken> Read(string source)
    {
        var lexer = new TemplateLexer(source);
        while (lexer._position < source.Length)
        {
            lexer.ReadNext();
        }

        lexer._tokens.Add(new TemplateToken(TemplateTokenKind.End, "", source.Length));
        return lexer._tokens;
    }

    private void ReadNext()
    {
        int begin = NextTag();
        if (begin < 0)
        {
            AddData(_source[_position..], _position);
            _position = _source.Length;
            return;
        }

        char kind = _source[begin + 1];
        int from = _position;
        _position = begin + 2;
        char sign = TakeSign();
        AddData(Stripped(_source[from..begin], sign, isVariable: kind == '{'), from);
        switch (kind)
        {
            case '#':
                SkipComment(begin);
                break;
            case '%' when RawBegin(_position) is { } end:
                ReadRaw(begin, end);
                break;
            default:
                ReadTag(begin, kind == '{');
                break;
        }

        _lineStarts = _source[_position - 1] == '\n';
    }

    private int NextTag()
    {
        for (int i = _position; i + 1 < _source.Length; i++)
        {
            if (_source[i] == '{' && _source[i + 1] is ('{' or '%' or '#'))
            {
                return i;
            }
        }

        return -1;
    }

    private char TakeSign() => _position < _source.Length && _source[_position] is ('-' or '+') ? _source[_position++] : ' ';

    private string Stripped(string text, char sign, bool isVariable)
    {
        if (sign == '-')
        {
            return WhiteSpace.TrimEnd(text);
        }

        int line = text.LastIndexOf('\n') + 1;
        return sign != '+' && !isVariable && (line > 0 || _lineStarts) && WhiteSpace.IsAll(text.AsSpan(line)) ? text[..line] : text;
    }

    private void AddData(string text, int position)
    {
        if (text.Length > 0)
        {
            _tokens.Add(new TemplateToken(TemplateTokenKind.Data, text, position));
        }
    }

    private void SkipComment(int begin)
    {
        int end = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new TemplateException("a comment begins and has no end, expected '#}'.", begin);
        }

        char sign = end > _position ? _source[end - 1] : ' ';
        _position = AfterBlock(end + 2, sign);
    }

    /// <summary>Where reading goes on after the end of a block or comment.</summary>
    private int AfterBlock(int position, char sign)
    {
        if (sign == '-')
        {
            return WhiteSpace.Skip(_source, position);
        }

        return sign != '+' && position < _source.Length && _source[position] == '\n' ? position + 1 : position;
    }

    /// <summary>Offset after a tag that begins raw text, or null if it is another tag.</summary>
    private int? RawBegin(int position)
    {
        int word = WhiteSpace.Skip(_source, position);
        if (string.CompareOrdinal(_source, word, "raw", 0, 3) != 0)
        {
            return null;
        }

        int end = WhiteSpace.Skip(_source, word + 3);
        return string.CompareOrdinal(_source, end, "-%}", 0, 3) == 0 ? WhiteSpace.Skip(_source, end + 3)
            : string.CompareOrdinal(_source, end, "%}", 0, 2) == 0 ? end + 2
            : null;
    }

    private void ReadRaw(int begin, int start)
    {
        for (int tag = _source.IndexOf("{%", start, StringComparison.Ordinal); tag >= 0; tag = _source.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            _position = tag + 2;
            char sign = TakeSign();
            int word = WhiteSpace.Skip(_source, _position);
            if (string.CompareOrdinal(_source, word, "endraw", 0, 6) != 0)
            {
                continue;
            }

            int end = WhiteSpace.Skip(_source, word + 6);
            char closing = end < _source.Length && _source[end] is ('-' or '+') ? _source[end++] : ' ';
            if (string.CompareOrdinal(_source, end, "%}", 0, 2) == 0)
            {
                _lineStarts = _source[start - 1] == '\n';
                AddData(Stripped(_source[start..tag], sign, isVariable: false), start);
                _position = AfterBlock(end + 2, closing);
                return;
            }
        }

        throw new TemplateException("a raw block begins and has no end, expected '{% endraw %}'.", begin);
    }

    private void ReadTag(int begin, bool isVariable)
    {
        _tokens.Add(new TemplateToken(isVariable ? TemplateTokenKind.VariableBegin : TemplateTokenKind.BlockBegin, "", begin));
        var expression = new ExpressionLexer(_source, isVariable, _tokens);
        _position = expression.Read(_position, begin);
        if (!isVariable)
        {
            _position = AfterBlock(_position, expression.ClosingSign);
        }
        else if (expression.ClosingSign == '-')
        {
            _position = WhiteSpace.Skip(_source, _position);
        }
    }
}
