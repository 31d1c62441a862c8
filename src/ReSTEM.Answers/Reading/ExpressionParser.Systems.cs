using System.Buffers;

namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    private static readonly SearchValues<char> RelationSigns = SearchValues.Create("=<>≤≥≠≡");

    /// <summary>Reads a part of the text on its own; paid for, so that nesting stays bounded by the budget.</summary>
    private Node ReadPart(string part)
    {
        budget.Spend(1 + part.Length);
        return new ExpressionParser(part, budget, isCode) { _depth = _depth }.ParseAll();
    }

    /// <summary>What stands between \begin and \end: a matrix, or lines of an aligned text or a system.</summary>
    private Node ParseEnvironment()
    {
        string name = ReadBraces().TrimEnd('*');
        if (name is "array" or "alignedat" or "alignat")
        {
            SkipSpaces();
            if (Current == '{')
            {
                ReadBraces();
            }
        }

        int start = _position;
        return name switch
        {
            "pmatrix" or "bmatrix" or "Bmatrix" or "matrix" or "smallmatrix" or "vmatrix" => ParseMatrix(name == "vmatrix"),
            "array" when !HoldsRelation(EnvironmentEnd(start)) => ParseMatrix(false),
            "array" or "aligned" or "align" or "gathered" or "gather" or "split" or "eqnarray" or "equation" or "alignedat" or "alignat" or "multline" =>
                ParseLines(EnvironmentEnd(start), true),
            "cases" or "dcases" or "rcases" => ParseLines(EnvironmentEnd(start), false),
            _ => throw Unreadable(),
        };
    }

    private Node ParseMatrix(bool determinant)
    {
        var rows = new List<Node>();
        var cells = new List<Node>();
        _bracketDepth++;
        while (true)
        {
            cells.Add(ParseMeasured());
            SkipSpaces();
            if (Current == '&')
            {
                _position++;
                continue;
            }

            rows.Add(Node.Tuple('(', ')', [.. cells]));
            cells.Clear();
            while (Current is TextCleaner.RowBreak or ' ')
            {
                _position++;
            }

            if (text.AsSpan(_position).StartsWith("\\end", StringComparison.Ordinal))
            {
                _position += 4;
                ReadBraces();
                _bracketDepth--;
                bool even = rows.TrueForAll(row => row.Items.Length == rows[0].Items.Length);
                var matrix = Node.Of(NodeKind.Matrix, [.. rows]);
                return !even ? throw Unreadable() : determinant ? Node.Call("det", matrix) : matrix;
            }
        }
    }

    /// <summary>Where the environment that has begun ends.</summary>
    private int EnvironmentEnd(int start)
    {
        int depth = 1;
        int at = start;
        while (at < text.Length)
        {
            at = text.IndexOf('\\', at);
            if (at < 0)
            {
                break;
            }

            string name = CommandName(at);
            depth += name switch { "begin" => 1, "end" => -1, _ => 0 };
            if (depth == 0)
            {
                budget.Spend(at - start);
                return at;
            }

            at++;
        }

        throw Unreadable();
    }

    private bool HoldsRelation(int end) => text.AsSpan(_position, end - _position).ContainsAny(RelationSigns);

    /// <summary>Lines: one that begins with a relation sign goes on with the line before. With conditions beside values they are a function by cases.</summary>
    private Node ParseLines(int end, bool aligned)
    {
        string content = text[_position..end];
        _position = end + 4;
        ReadBraces();
        var lines = new List<string>();
        foreach (string row in content.Split(TextCleaner.RowBreak))
        {
            string line = (aligned ? row.Replace("&", "", StringComparison.Ordinal) : row).Trim(' ', ',', ';', '.');
            bool goesOn = line.TrimStart('&', ' ') is ['=' or '<' or '>' or '≤' or '≥' or '≈', ..] && lines.Count > 0;
            if (goesOn)
            {
                lines[^1] += " " + line.TrimStart('&', ' ');
            }
            else if (line.Length > 0)
            {
                lines.Add(line);
            }
        }

        if (lines.Count == 0)
        {
            throw Unreadable();
        }

        if (!aligned && lines.TrueForAll(IsConditional))
        {
            return Phrasing.Phrase("by cases", [.. lines.Select(Conditional)]);
        }

        var read = lines.Select(line => ReadPart(line.Replace('&', ' '))).ToArray();
        return read.Length == 1 ? read[0] : Node.Of(NodeKind.List, read);
    }

    /// <summary>Whether a value stands before the alignment mark; <c>x &amp;= 2</c> is one equation.</summary>
    private static bool IsConditional(string line)
    {
        int mark = line.IndexOf('&');
        return mark > 0 && line.AsSpan(0, mark).ContainsAny(RelationSigns) is false && line[(mark + 1)..].TrimStart() is not ['=' or '<' or '>' or '≤' or '≥', ..];
    }

    private Node Conditional(string line)
    {
        int mark = line.IndexOf('&');
        string condition = line[(mark + 1)..].Replace("\\text{if}", "", StringComparison.Ordinal).Replace("\\text{if }", "", StringComparison.Ordinal)
            .Replace("\\text{for}", "", StringComparison.Ordinal).Replace("\\text{for }", "", StringComparison.Ordinal)
            .Replace("\\text{ if }", "", StringComparison.Ordinal).Replace("\\text{ for }", "", StringComparison.Ordinal).Trim(' ', ',', '&');
        return Node.Tuple('(', ')', ReadPart(line[..mark].Trim(' ', ',')), ReadPart(condition));
    }
}
