using System.Text;

namespace ReSTEM.Answers;

/// <summary>Reads the words beside a value as units: <c>m/s^2</c>, <c>square feet</c>, <c>miles per hour</c>, <c>red apples</c>, <c>dollars a day</c>.</summary>
internal static class UnitReader
{
    private const int MaxPower = 9;
    private const int MaxWords = 12;

    /// <summary>The unit that all of the words are; null when they may be anything else.</summary>
    /// <param name="words">Letters, blanks, and the signs / * ^ ( ) - with powers as digits.</param>
    /// <param name="one">Whether the value is one at most, so that what is counted is in the singular.</param>
    internal static Unit? Read(string words, bool one = false)
    {
        if (Tokens(words) is not { Count: > 0 } tokens)
        {
            return null;
        }

        var unit = new Reading(tokens);
        return unit.Read(one, words.Trim());
    }

    private static List<string>? Tokens(string words)
    {
        var tokens = new List<string>();
        for (int at = 0; at < words.Length && tokens.Count <= MaxWords * 3;)
        {
            char character = words[at];
            int start = at++;
            if (char.IsLetter(character) || character is '°' or '$' or '€' or '£' or '¥' or '₹' or '₩' or '₽' or '¢')
            {
                while (at < words.Length && (char.IsLetter(words[at]) || words[at] is '\''))
                {
                    at++;
                }

                tokens.Add(words[start..at]);
            }
            else if (char.IsAsciiDigit(character) || (character == '-' && at < words.Length && char.IsAsciiDigit(words[at]) && start > 0 && words[start - 1] != ' '))
            {
                bool attached = start > 0 && (char.IsLetter(words[start - 1]) || words[start - 1] == '^');
                if (!attached || at - start > 2)
                {
                    return null;
                }

                while (at < words.Length && char.IsAsciiDigit(words[at]))
                {
                    at++;
                }

                tokens.Add("^" + words[start..at]);
            }
            else if (character is '/' or '*')
            {
                tokens.Add(character.ToString());
            }
            else if (character is not (' ' or '.' or '-' or '^' or '~' or '\n'))
            {
                return null;
            }
        }

        return tokens.Count > MaxWords * 2 ? null : tokens;
    }

    private sealed class Reading(List<string> tokens)
    {
        private readonly SortedDictionary<string, int> _dimension = new(StringComparer.Ordinal);
        private readonly List<string> _label = [];
        private readonly List<string> _per = [];
        private Rational _size = 1;
        private bool _isKnown;
        private int _at;

        internal Unit? Read(bool one, string words)
        {
            bool inverse = false;
            while (_at < tokens.Count)
            {
                string token = tokens[_at];
                if (token is "/" or "per" || (token is "a" or "an" or "each" or "every" && _at > 0 && _isKnown && _at + 1 < tokens.Count && UnitTable.Find(tokens[_at + 1]) is not null))
                {
                    if (inverse || _at + 1 == tokens.Count)
                    {
                        return null;
                    }

                    inverse = true;
                    _at++;
                }
                else if (token == "*")
                {
                    _at++;
                }
                else if (!TryKnown(inverse))
                {
                    (inverse ? _per : _label).Add(token);
                    _at++;
                    if (inverse && _at < tokens.Count && tokens[_at] is not ("/" or "per"))
                    {
                        continue; // a noun of several words
                    }

                    inverse = false;
                }
                else
                {
                    inverse = false;
                }
            }

            string? label = _label.Count == 0 ? "" : Labels.Read(_label, one, _isKnown);
            string? per = _per.Count == 0 ? "" : Labels.ReadSingular(_per);
            if (label is null || per is null || (!_isKnown && label.Length == 0 && _label.Count > 0 && per.Length > 0))
            {
                return null;
            }

            string dimension = string.Join(' ', _dimension.Where(part => part.Value != 0).Select(part => $"{part.Key}^{part.Value}"));
            return new Unit(words, _isKnown && dimension.Length == 0 ? "ratio" : dimension, _size, label, per);
        }

        /// <summary>A unit with its power, as powers, words or "square" say it.</summary>
        private bool TryKnown(bool inverse)
        {
            int power = tokens[_at].ToLowerInvariant() switch { "square" or "sq" => 2, "cubic" or "cu" => 3, _ => 1 };
            int name = power > 1 ? _at + 1 : _at;
            if (name >= tokens.Count || Known(name) is not { } found || (_label.Count > 0 && !inverse) || _per.Count > 0)
            {
                return false;
            }

            _at = name + found.Length;
            if (_at < tokens.Count && power == 1)
            {
                string next = tokens[_at];
                power = next switch { "squared" => 2, "cubed" => 3, ['^', ..] when int.TryParse(next[1..], out int written) => written, _ => 1 };
                _at += next is "squared" or "cubed" or ['^', ..] ? 1 : 0;
            }

            power = inverse ? -power : power;
            if (Math.Abs(power) > MaxPower)
            {
                return false;
            }

            foreach (string part in found.Dimension.Split('+'))
            {
                string[] scripted = part.Split('^');
                int own = scripted.Length > 1 ? int.Parse(scripted[1], System.Globalization.CultureInfo.InvariantCulture) : 1;
                _dimension[scripted[0]] = _dimension.GetValueOrDefault(scripted[0]) + (own * power);
            }

            _size *= power > 0 ? found.Size.Power(power) : found.Size.Power(-power).Inverse;
            return _isKnown = true;
        }

        private (string Dimension, Rational Size, int Length)? Known(int at)
        {
            if (at + 1 < tokens.Count && UnitTable.Find($"{tokens[at]} {tokens[at + 1]}") is { } both)
            {
                return (both.Dimension, both.Size, 2);
            }

            return UnitTable.Find(tokens[at]) is { } found ? (found.Dimension, found.Size, 1) : null;
        }
    }

    /// <summary>The unit that letters of plain text spell, as m / s^2; null when one of them is none.</summary>
    internal static Unit? OfSymbols(IEnumerable<(string Name, int Power)> symbols)
    {
        var words = new StringBuilder();
        foreach (var (name, power) in symbols)
        {
            if (!UnitTable.IsPlainSymbol(name))
            {
                return null;
            }

            words.Append(name).Append('^').Append(power).Append(' ');
        }

        return Read(words.ToString());
    }
}
