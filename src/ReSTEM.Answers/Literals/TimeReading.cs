namespace ReSTEM.Answers;

/// <summary>Times of day: hours, minutes of two digits, perhaps seconds, perhaps a.m. or p.m.</summary>
internal static class TimeReading
{
    private const int MaxHours = 24;

    /// <summary>The clock time h:mm or h:mm:ss that starts here, and where it ends; null when there is none.</summary>
    internal static (TimeOfDay Time, int End)? Clock(string text, int position)
    {
        int end = Digits(text, position, out int hours);
        if (end - position is 0 or > 2 || hours > MaxHours || Part(text, ref end) is not { } minutes)
        {
            return null;
        }

        int? seconds = null;
        if (AtColon(text, end))
        {
            seconds = Part(text, ref end);
            if (seconds is null)
            {
                return null;
            }
        }

        bool goesOn = end < text.Length && text[end] is '.' or ':' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]);
        return goesOn ? null : (TimeOfDay.Written(hours, minutes, seconds), end);
    }

    /// <summary>The whole hour of a number before a.m. or p.m.; null when no clock shows it.</summary>
    internal static TimeOfDay? Hour(Rational value) =>
        value.IsInteger && value.Sign >= 0 && value <= MaxHours ? TimeOfDay.Written((int)value.Numerator, 0, null) : null;

    /// <summary>The half of the day that a word or phrase names; null for other words.</summary>
    internal static HalfOfDay? Half(string word)
    {
        string letters = string.Concat(word.Where(char.IsAsciiLetter)).ToLowerInvariant();
        return letters switch
        {
            "am" or "inthemorning" => HalfOfDay.Morning,
            "pm" or "intheafternoon" or "intheevening" => HalfOfDay.Afternoon,
            _ => null,
        };
    }

    /// <summary>A colon and two digits of 0 to 59, with blanks between; null when something else is there.</summary>
    private static int? Part(string text, ref int end)
    {
        if (!AtColon(text, end))
        {
            return null;
        }

        int start = SkipSpaces(text, SkipSpaces(text, end) + 1);
        int next = Digits(text, start, out int value);
        if (next - start != 2 || value > 59)
        {
            return null;
        }

        end = next;
        return value;
    }

    private static bool AtColon(string text, int position)
    {
        int colon = SkipSpaces(text, position);
        return colon < text.Length && text[colon] == ':';
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
