namespace ReSTEM.Answers;

/// <summary>Times of day: hours, minutes of two digits, perhaps seconds, perhaps a.m. or p.m.</summary>
internal static class TimeReading
{
    /// <summary>The length of a clock time h:mm or h:mm:ss that starts here, 0 when there is none.</summary>
    internal static int Length(string text, int position)
    {
        int end = Digits(text, position, out int hours);
        int hourDigits = end - position;
        if (hourDigits is 0 or > 2 || hours > 24)
        {
            return 0;
        }

        int parts = 0;
        while (parts < 2)
        {
            int colon = SkipSpaces(text, end);
            if (colon >= text.Length || text[colon] != ':')
            {
                break;
            }

            int start = SkipSpaces(text, colon + 1);
            int next = Digits(text, start, out int value);
            if (next - start != 2 || value > 59)
            {
                return 0;
            }

            end = next;
            parts++;
        }

        bool followed = end < text.Length && text[end] is '.' or ':' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]);
        return parts == 0 || followed ? 0 : end - position;
    }

    /// <summary>Canonical "h:mm:ss" with hours 0 to 23 when the half of the day is known, else as read; null when it is no time.</summary>
    /// <param name="clock">h, h:mm or h:mm:ss without blanks.</param>
    /// <param name="half">"am", "pm" or empty.</param>
    internal static string? Canonical(string clock, string half)
    {
        string[] parts = clock.Split(':');
        if (parts.Length > 3 || !int.TryParse(parts[0], out int hours) || hours > 24)
        {
            return null;
        }

        if (half.Length > 0 && hours is >= 1 and <= 12)
        {
            hours = (hours % 12) + (half == "pm" ? 12 : 0);
        }

        bool known = half.Length > 0 || hours is 0 or > 12;
        string minutes = parts.Length > 1 ? parts[1] : "00";
        string seconds = parts.Length > 2 ? parts[2] : "00";
        return $"{hours}:{minutes}:{seconds}" + (known ? "" : "?");
    }

    /// <summary>"am" or "pm" for the spellings of it, else null.</summary>
    internal static string? Half(string word)
    {
        string letters = string.Concat(word.Where(char.IsAsciiLetter)).ToLowerInvariant();
        return letters switch
        {
            "am" or "inthemorning" => "am",
            "pm" or "intheafternoon" or "intheevening" => "pm",
            _ => null,
        };
    }

    private static int Digits(string text, int position, out int value)
    {
        value = 0;
        while (position < text.Length && char.IsAsciiDigit(text[position]) && value < 1000)
        {
            value = (value * 10) + text[position++] - '0';
        }

        return position;
    }

    private static int SkipSpaces(string text, int position)
    {
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }

        return position;
    }
}
