using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ReSTEM.Tokenizers;

/// <summary>
/// Rewrites a pattern of Oniguruma or Rust style, as tokenizer.json files hold, for .NET. Patterns must mean the same on both sides
/// for every text, so whatever cannot be carried over exactly is refused.
/// </summary>
/// <remarks>
/// Carried over: literals and escapes; <c>\s \d \p{..}</c> with general categories; character classes without nesting; groups,
/// look-around, atomic groups, alternation; greedy, lazy and possessive quantifiers; <c>(?i:..)</c> around ASCII literals.
/// Refused: <c>\w \b \h ^ $</c> and back references (they differ between engines), scripts, nested classes, other flags.
/// </remarks>
internal sealed class PatternTranslator
{
    private static readonly Dictionary<string, string> LongCategoryNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Letter"] = "L",
        ["Mark"] = "M",
        ["Number"] = "N",
        ["Punctuation"] = "P",
        ["Symbol"] = "S",
        ["Separator"] = "Z",
        ["Other"] = "C",
    };

    private static readonly HashSet<string> Categories =
    [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cn",
    ];

    /// <summary>Groups that mean the same everywhere: plain, look-ahead, look-behind, atomic.</summary>
    private static readonly string[] PlainGroups = [":", "=", "!", "<=", "<!", ">"];

    private readonly string _pattern;
    private readonly StringBuilder _output = new();
    private readonly Stack<bool> _outerIgnoreCase = new();
    private readonly Stack<int> _groupStarts = new();
    private int _position;
    private bool _ignoreCase;
    private int _lastAtom = -1;

    private PatternTranslator(string pattern) => _pattern = pattern;

    /// <summary>Characters named one by one or as ranges, which no stand-in for other characters may fall into.</summary>
    internal List<(char Low, char High)> NamedCharacters { get; } = [];

    /// <exception cref="FormatException">The pattern uses something that has no exact counterpart; the message says what.</exception>
    internal static (string Pattern, List<(char Low, char High)> NamedCharacters) Translate(string pattern)
    {
        PatternTranslator translator = new(pattern);
        translator.Run();
        return (translator._output.ToString(), translator.NamedCharacters);
    }

    private void Run()
    {
        while (_position < _pattern.Length)
        {
            int start = _output.Length;
            char character = _pattern[_position++];
            switch (character)
            {
                case '(':
                    OpenGroup();
                    _lastAtom = -1;
                    continue;
                case ')':
                    CloseGroup();
                    continue;
                case '|':
                    _output.Append('|');
                    _lastAtom = -1;
                    continue;
                case '*' or '+' or '?':
                    Quantifier(character.ToString(), canBePossessive: true);
                    continue;
                case '{':
                    Quantifier(CountedQuantifier(), canBePossessive: false);
                    continue;
                case '[':
                    CharacterClass();
                    break;
                case '\\':
                    _output.Append(Escape(inClass: false));
                    break;
                case '.':
                    _output.Append("[^\\n]");
                    break;
                case '^' or '$':
                    throw Refuse($"the anchor '{character}'");
                default:
                    _output.Append(Literal(character));
                    break;
            }

            _lastAtom = start;
        }

        if (_outerIgnoreCase.Count > 0)
        {
            throw Refuse("a group that is not closed");
        }
    }

    private void OpenGroup()
    {
        bool ignoreCase = _ignoreCase;
        string opening = "(?:";
        if (Accept("?"))
        {
            string? known = PlainGroups.FirstOrDefault(Accept);
            if (known is not null)
            {
                opening = $"(?{known}";
            }
            else if (Accept("i:"))
            {
                ignoreCase = true;
            }
            else if (Accept("i)"))
            {
                _ignoreCase = true;
                return;
            }
            else
            {
                throw Refuse($"the group '(?{_pattern[_position..Math.Min(_position + 3, _pattern.Length)]}'");
            }
        }

        _outerIgnoreCase.Push(_ignoreCase);
        _groupStarts.Push(_output.Length);
        _ignoreCase = ignoreCase;
        _output.Append(opening);
    }

    private void CloseGroup()
    {
        if (_outerIgnoreCase.Count == 0)
        {
            throw Refuse("a ')' without '('");
        }

        _output.Append(')');
        _ignoreCase = _outerIgnoreCase.Pop();
        _lastAtom = _groupStarts.Pop();
    }

    private void Quantifier(string quantifier, bool canBePossessive)
    {
        if (_lastAtom < 0)
        {
            throw Refuse($"the quantifier '{quantifier}' with nothing before it");
        }

        if (Accept("+"))
        {
            if (!canBePossessive)
            {
                throw Refuse($"'{quantifier}+'");
            }

            _output.Insert(_lastAtom, "(?>").Append(quantifier).Append(')');
        }
        else
        {
            bool lazy = Accept("?");
            if (lazy && quantifier.EndsWith('}') && !quantifier.Contains(','))
            {
                throw Refuse($"'{quantifier}?'");
            }

            _output.Insert(_lastAtom, "(?:").Append(quantifier).Append(lazy ? "?)" : ")");
        }
    }

    private string CountedQuantifier()
    {
        Match match = Regex.Match(_pattern[(_position - 1)..], @"^\{[0-9]{1,4}(,([0-9]{1,4})?)?\}", RegexOptions.CultureInvariant);
        if (!match.Success)
        {
            throw Refuse("a '{' that starts no repeat count");
        }

        _position += match.Length - 1;
        return match.Value;
    }

    private void CharacterClass()
    {
        _output.Append('[');
        if (Accept("^"))
        {
            _output.Append('^');
        }

        bool first = true;
        while (true)
        {
            char character = Next("a character class that is not closed");
            if (character == ']' && !first)
            {
                break;
            }

            first = false;
            if (character == '[' || (character == '&' && _position < _pattern.Length && _pattern[_position] == '&'))
            {
                throw Refuse("a character class inside another");
            }

            string low = character == '\\' ? Escape(inClass: true) : ClassLiteral(character);
            if (!RangeFollows())
            {
                _output.Append(low);
                continue;
            }

            _position++;
            char end = Next("a character class that is not closed");
            string high = end == '\\' ? Escape(inClass: true) : ClassLiteral(end);
            char from = SingleCharacter(low);
            char to = SingleCharacter(high);
            NamedCharacters.Add((from, to));
            _output.Append(low).Append('-').Append(high);
        }

        _output.Append(']');
    }

    private bool RangeFollows() =>
        _position + 1 < _pattern.Length && _pattern[_position] == '-' && _pattern[_position + 1] != ']';

    private char SingleCharacter(string escaped) =>
        escaped.StartsWith("\\u", StringComparison.Ordinal)
            ? (char)ushort.Parse(escaped.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : throw Refuse($"a range that ends at '{escaped}'");

    private string ClassLiteral(char character)
    {
        if (_ignoreCase && char.IsLetter(character))
        {
            throw Refuse("a letter in a class that ignores case");
        }

        return Name(character);
    }

    private string Literal(char character)
    {
        if (!_ignoreCase || !char.IsLetter(character))
        {
            return Name(character);
        }

        if (!char.IsAscii(character))
        {
            throw Refuse($"the letter '{character}' where case is ignored");
        }

        // Unicode's simple case folding: the long s folds to s, the Kelvin sign to k.
        string folded = char.ToLowerInvariant(character) switch { 's' => Name('\u017F'), 'k' => Name('\u212A'), _ => "" };
        return $"[{Name(char.ToLowerInvariant(character))}{Name(char.ToUpperInvariant(character))}{folded}]";
    }

    private string Name(char character)
    {
        if (char.IsSurrogate(character))
        {
            throw Refuse("a character above U+FFFF");
        }

        NamedCharacters.Add((character, character));
        return $"\\u{(int)character:X4}";
    }

    private string Escape(bool inClass)
    {
        char character = Next("a '\\' at the end");
        return character switch
        {
            's' or 'S' or 'd' or 'D' => $"\\{character}",
            'A' or 'z' when !inClass => $"\\{character}",
            'p' or 'P' => Category(character),
            'n' => Name('\n'),
            'r' => Name('\r'),
            't' => Name('\t'),
            'f' => Name('\f'),
            'v' => Name('\v'),
            'x' => Name(Hexadecimal(2)),
            'u' => Name(Hexadecimal(4)),
            _ when char.IsAsciiLetterOrDigit(character) => throw Refuse($"'\\{character}'"),
            _ => Name(character),
        };
    }

    private char Hexadecimal(int digits)
    {
        string text;
        if (Accept("{"))
        {
            int end = _pattern.IndexOf('}', _position);
            text = end < 0 ? "" : _pattern[_position..end];
            _position += text.Length + 1;
        }
        else
        {
            text = _position + digits <= _pattern.Length ? _pattern.Substring(_position, digits) : "";
            _position += digits;
        }

        return ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value)
            ? (char)value
            : throw Refuse($"the code point '{text}'");
    }

    private string Category(char letter)
    {
        string name = Next("a '\\p' at the end").ToString();
        bool negated = letter == 'P';
        if (name == "{")
        {
            int end = _pattern.IndexOf('}', _position);
            name = end < 0 ? throw Refuse("a '\\p{' that is not closed") : _pattern[_position..end];
            _position = end + 1;
        }

        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        name = LongCategoryNames.GetValueOrDefault(name, name);
        return Categories.Contains(name) ? $"\\{(negated ? 'P' : 'p')}{{{name}}}" : throw Refuse($"the property '{name}'");
    }

    private char Next(string otherwise) => _position < _pattern.Length ? _pattern[_position++] : throw Refuse(otherwise);

    private bool Accept(string text)
    {
        bool found = string.CompareOrdinal(_pattern, _position, text, 0, text.Length) == 0;
        _position += found ? text.Length : 0;
        return found;
    }

    private FormatException Refuse(string what) => new($"{what} at character {_position} of the pattern");
}
