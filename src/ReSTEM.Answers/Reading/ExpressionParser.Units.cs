using System.Globalization;
using System.Text;

namespace ReSTEM.Answers;

internal sealed partial class ExpressionParser
{
    /// <summary>Most characters that are looked at for one unit.</summary>
    private const int MaxUnitLength = 120;

    private static bool IsCurrencySign(char character) => character is '$' or '€' or '£' or '¥' or '₹' or '₩' or '₽';

    /// <summary>The value with the known unit that follows it, read as far as it is one; null when none follows.</summary>
    private Node? TryUnit(Node node)
    {
        if (node.Kind is NodeKind.Text or NodeKind.Phrase or NodeKind.Relation or NodeKind.Quantity or NodeKind.Percent or NodeKind.Time or NodeKind.Degree)
        {
            return null;
        }

        var (ends, words) = UnitWords(node);
        budget.Spend(2 * ends.Count);
        for (int index = ends.Count - 1; index >= 0; index--)
        {
            if (UnitReader.Read(words[..ends[index].Length]) is { IsKnown: true } unit)
            {
                _position = ends[index].Position;
                return Node.Quantity(node, unit);
            }
        }

        return null;
    }

    /// <summary>What may be a unit here, LaTeX taken off, and the places where it may end.</summary>
    private (List<(int Position, int Length)> Ends, string Words) UnitWords(Node node)
    {
        var words = new StringBuilder();
        var ends = new List<(int Position, int Length)>();
        int at = _position;
        int limit = Math.Min(text.Length, _position + MaxUnitLength);
        while (at < limit)
        {
            int start = at;
            switch (text[at])
            {
                case ' ':
                    words.Append(' ');
                    at++;
                    continue;
                case '\\':
                    at = UnitCommand(at, words);
                    break;
                case '/' or '*' when ends.Count > 0 || text[at] == '/':
                    words.Append(text[at++]);
                    continue;
                case '^' when ends.Count > 0 && Power(at + 1) is { } power:
                    words.Append('^').Append(power.Value.ToString(CultureInfo.InvariantCulture));
                    at = power.End;
                    break;
                case '€' or '£' or '¥' or '₹' or '₩' or '₽' or '¢' or '$':
                    words.Append(text[at++]);
                    break;
                case var letter when char.IsLetter(letter):
                    at = UnitName(at, words, ends.Count > 0, node);
                    break;
            }

            if (at == start)
            {
                break;
            }

            if (at == text.Length || !char.IsLetter(text[at]))
            {
                ends.Add((at, words.Length));
            }
        }

        return (ends, words.ToString());
    }

    private int UnitCommand(int at, StringBuilder words)
    {
        string name = CommandName(at);
        int end = at + 1 + name.Length;
        switch (name)
        {
            case "text" when PeekBraces(end) is { Length: < MaxUnitLength } content && IsSimple(content):
                words.Append(Plain(content).Replace("\\mu ", "μ", StringComparison.Ordinal));
                return text.IndexOf('{', end) + content.Length + 2;
            case "frac" when PeekBraces(end) is { Length: < MaxUnitLength } above && IsUnitText(above)
                && PeekBraces(text.IndexOf('{', end) + above.Length + 2) is { Length: < MaxUnitLength } below && IsUnitText(below):
                words.Append(Plain(above)).Append('/').Append(Plain(below));
                return text.IndexOf('{', text.IndexOf('{', end) + above.Length + 2) + below.Length + 2;
            case "mu":
                words.Append('μ');
                return end;
            case "Omega":
                words.Append('Ω');
                return end;
            default:
                return at;
        }
    }

    /// <summary>Whether a fraction of units or a micro sign before one follows a number.</summary>
    private bool AtUnitCommand(Node left) => left.Is(NodeKind.Number) && CommandName(_position) switch
    {
        "frac" => UnitCommand(_position, new StringBuilder()) > _position,
        "mu" => text.AsSpan(_position + 3).TrimStart().StartsWith("\\text{", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Words, or names with powers and a micro sign, and no other commands.</summary>
    private static bool IsSimple(string content) => !content.Replace("\\mu ", "", StringComparison.Ordinal).Contains('\\', StringComparison.Ordinal)
        && (!content.Contains('{', StringComparison.Ordinal) || content.Contains("^{", StringComparison.Ordinal));

    private static bool IsUnitText(string content) => content.Contains("\\text", StringComparison.Ordinal) && UnitReader.Read(Plain(content)) is { IsKnown: true };

    private static string Plain(string content) =>
        content.Replace("\\text", "", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);

    /// <summary>A plain name: a known unit of two letters or more, or any letter once a unit has begun.</summary>
    private int UnitName(int at, StringBuilder words, bool begun, Node node)
    {
        int end = at;
        while (end < text.Length && char.IsLetter(text[end]))
        {
            end++;
        }

        string run = text[at..end];
        bool word = run is "per" or "square" or "cubic" or "sq" or "cu" or "squared" or "cubed" || UnitTable.IsKnown(run)
            || IsPlainUnit(node, at, end);
        bool inside = begun && words.Length > 0 && (words[^1] is '/' or '*' || run.Length > 1 || UnitTable.IsPlainSymbol(run)) && run is not ("and" or "or");
        if (!word && !(inside && (UnitTable.Find(run) is not null || run is "a" or "an" or "each" || words.ToString().EndsWith("per ", StringComparison.Ordinal))))
        {
            return at;
        }

        words.Append(run);
        if (end < text.Length && text[end] == '.' && run is "sq" or "cu" or "ft" or "in" or "lb" or "lbs" or "oz" or "min" or "hr" or "hrs" or "sec" or "cm")
        {
            end++; // an abbreviation's point
        }

        int digit = end;
        while (digit < text.Length && char.IsAsciiDigit(text[digit]) && digit - end < 2)
        {
            digit++;
        }

        if (digit > end && text[end..digit] is "2" or "3")
        {
            words.Append('^').Append(text, end, digit - end); // cm2
            return digit;
        }

        return end;
    }

    /// <summary>Whether letters after a number and a blank are a unit, though they are a function or other letters elsewhere.</summary>
    private bool IsPlainUnit(Node node, int at, int end)
    {
        var run = text.AsSpan(at, end - at);
        return node.Is(NodeKind.Number) && at > 0 && text[at - 1] == ' '
            && (run is "min" or "sec" or "mol" or "cal" or "rad" or "yen" or "won" or "mi" or "sq" or "cu" ? end == text.Length || text[end] is not ('(' or '{' or '_')
                : run is "in" && (end == text.Length || text[end] is '.' or '^' or ','));
    }

    private bool AtPlainUnit(Node left)
    {
        int end = _position;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        return IsPlainUnit(left, _position, end);
    }

    private (int Value, int End)? Power(int at)
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        bool braced = at < text.Length && text[at] == '{';
        int end = at + (braced ? 1 : 0);
        int start = end;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '-'))
        {
            end++;
        }

        bool closed = !braced || (end < text.Length && text[end] == '}');
        return closed && end - start is > 0 and < 3 && int.TryParse(text.AsSpan(start, end - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? (value, end + (braced ? 1 : 0)) : null;
    }

    /// <summary>A number, a blank, and letters that may be units, as <c>12 m^2</c> in plain text: a product that may also be a quantity.</summary>
    private Node MayBeQuantity(Node node, int start)
    {
        if (node.Kind is not (NodeKind.Product or NodeKind.Quotient or NodeKind.Negation))
        {
            return node;
        }

        var source = text.AsSpan(start, _position - start).Trim();
        int end = 0;
        while (end < source.Length && (char.IsAsciiDigit(source[end]) || source[end] is '.' or ',' or '-'))
        {
            end++;
        }

        if (end == 0 || end >= source.Length || source[end] != ' ' || source.Length - end > MaxUnitLength)
        {
            return node;
        }

        var units = source[end..];
        foreach (char character in units)
        {
            if (!UnitTable.IsPlainSymbol(character.ToString()) && !char.IsAsciiDigit(character) && character is not (' ' or '^' or '{' or '}' or '/' or '-' or '*'))
            {
                return node;
            }
        }

        return UnitReader.Read(Plain(units.ToString())) is { IsKnown: true } unit ? node.MayBe(unit) : node;
    }

    /// <summary>2 hours 30 minutes: the sum, in the unit of the first.</summary>
    private Node Compound(Node first, Node second) => Joined(first, second) ?? throw Unreadable();

    /// <summary>Two quantities of one dimension, the larger unit first, as one; null when they are no such.</summary>
    internal static Node? Joined(Node first, Node second)
    {
        if (first.Is(NodeKind.Quantity) && second.Is(NodeKind.Quantity) && first.Unit is { IsKnown: true, IsPlaceholder: false } large
            && second.Unit is { IsKnown: true } small && large.Dimension == small.Dimension && large.Size > small.Size
            && (!second.Items[0].Is(NodeKind.Number) || second.Items[0].Value * small.Size < large.Size))
        {
            var factor = new Node { Kind = NodeKind.Number, Value = small.Size / large.Size };
            var sum = Node.Of(NodeKind.Sum, first.Items[0], Node.Of(NodeKind.Product, second.Items[0], factor));
            return Node.Quantity(sum, large);
        }

        return null;
    }

    /// <summary>What may stand right behind a number: 5'6'' in feet and inches, 30°15' in degrees and minutes; null when it does not.</summary>
    private Node? TryMarks(Node node)
    {
        int start = _position;
        if (node.Is(NodeKind.Number) && Current is '\'' or '"')
        {
            bool feet = Current == '\'' && At(1) != '\'';
            _position += feet || Current == '"' ? 1 : 2;
            var inches = feet ? Inches() : null;
            return Node.Quantity(
                inches is null ? node : Node.Of(NodeKind.Sum, node, Phrasing.Multiplied(inches, new Rational(1, 12))),
                UnitReader.Read(feet ? "foot" : "inch")!.Value);
        }

        if (node.Is(NodeKind.Degree))
        {
            SkipSpaces();
            if (char.IsAsciiDigit(Current))
            {
                var minutes = ParseNumber();
                if (minutes.Is(NodeKind.Number) && Current == '\'')
                {
                    _position++;
                    return Node.Of(NodeKind.Degree, Node.Of(NodeKind.Sum, node.Items[0], Phrasing.Multiplied(minutes, new Rational(1, 60))));
                }
            }

            _position = start;
        }

        return null;
    }

    private Node? Inches()
    {
        int start = _position;
        SkipSpaces();
        if (char.IsAsciiDigit(Current))
        {
            var inches = ParseNumber();
            int marks = Current == '"' ? 1 : Current == '\'' && At(1) == '\'' ? 2 : 0;
            if (marks > 0 && inches.Is(NodeKind.Number))
            {
                _position += marks;
                return inches;
            }
        }

        _position = start;
        return null;
    }

    /// <summary>A currency sign before its amount, perhaps with k, M or bn after it.</summary>
    private Node ParseMoney()
    {
        var unit = UnitReader.Read(Take(1))!.Value;
        var amount = ParseSignedFactor();
        foreach (var (suffix, many) in (ReadOnlySpan<(string, long)>)[("bn", 1_000_000_000), ("k", 1_000), ("K", 1_000), ("M", 1_000_000), ("B", 1_000_000_000)])
        {
            int end = _position + suffix.Length;
            bool ends = text.AsSpan(_position).StartsWith(suffix, StringComparison.Ordinal) && (end == text.Length || !char.IsAsciiLetterOrDigit(text[end]));
            if (amount.Is(NodeKind.Number) && ends && text[_position - 1] != ' ')
            {
                _position = end;
                amount = Phrasing.Multiplied(amount, new Rational(many));
                break;
            }
        }

        return Node.Quantity(amount, unit);
    }
}
