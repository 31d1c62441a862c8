using System.Collections.Frozen;
using System.Globalization;

namespace ReSTEM.Answers;

/// <summary>Dates in their many orders, months and weekdays, as one canonical text each.</summary>
internal static class DateReading
{
    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    /// <summary>Each line: a weekday, then its short forms.</summary>
    private static readonly FrozenDictionary<string, string> Weekdays = NameTable.Of("""
        monday monday mon
        tuesday tuesday tue tues
        wednesday wednesday wed weds
        thursday thursday thu thur thurs
        friday friday fri
        saturday saturday sat
        sunday sunday sun
        """).ToFrozenDictionary();

    /// <summary>The whole name of a weekday or month; null for other words.</summary>
    internal static string? Name(string word)
    {
        string lower = word.ToLowerInvariant().TrimEnd('.');
        return Weekdays.TryGetValue(lower, out string? day) ? day : Month(lower) is var month and >= 0 ? Months[month] : null;
    }

    /// <summary>A month and a day, in any order, perhaps with a year and the weekday of that day; a month and a year; or figures with the year first.</summary>
    internal static Node? Read(string words)
    {
        string[] parts = words.ToLowerInvariant().Split([' ', ',', '.', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > 6)
        {
            return null;
        }

        if (parts.Length == 1)
        {
            return InFigures(parts[0]);
        }

        int month = -1;
        string? weekday = null;
        var numbers = new List<int>();
        foreach (string part in parts)
        {
            string digits = part.TrimEnd('s', 't', 'n', 'd', 'r', 'h');
            if (month < 0 && Month(part) is var found and >= 0)
            {
                month = found;
            }
            else if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 10_000)
            {
                numbers.Add(number);
            }
            else if (weekday is null && Weekdays.TryGetValue(part, out string? day))
            {
                weekday = day;
            }
            else if (part is not ("of" or "the" or "on" or "in"))
            {
                return null;
            }
        }

        if (month < 0 || numbers.Count is 0 or > 2)
        {
            return null;
        }

        numbers.Sort(); // a day is at most 31, so the year comes last
        return numbers.Count == 1 && numbers[0] > 31 ? weekday is null ? Node.Text($"date {Months[month]} {numbers[0]}") : null
            : Of(numbers.Count == 2 ? numbers[1] : null, month, numbers[0], weekday);
    }

    /// <summary>2020-03-05, 2020/3/5 and 3/25/2020 where only one order of month and day is possible or the month is first.</summary>
    private static Node? InFigures(string text)
    {
        char separator = text.Contains('-', StringComparison.Ordinal) ? '-' : '/';
        string[] parts = text.Split(separator);
        if (parts.Length != 3 || !Array.TrueForAll(parts, static part => part.Length is > 0 and <= 4 && part.All(char.IsAsciiDigit)))
        {
            return null;
        }

        int[] numbers = [.. parts.Select(static part => int.Parse(part, CultureInfo.InvariantCulture))];
        bool yearFirst = parts[0].Length == 4 && (separator == '/' || (parts[1].Length == 2 && parts[2].Length == 2));
        if (yearFirst)
        {
            return Of(numbers[0], numbers[1] - 1, numbers[2], null);
        }

        return parts[2].Length != 4 || separator != '/' ? null
            : numbers[0] > 12 ? Of(numbers[2], numbers[1] - 1, numbers[0], null) : Of(numbers[2], numbers[0] - 1, numbers[1], null);
    }

    private static Node? Of(int? year, int month, int day, string? weekday)
    {
        if (month is < 0 or > 11 || day < 1 || day > DateTime.DaysInMonth(year is > 0 ? year.Value : 2000, month + 1))
        {
            return null;
        }

        if (weekday is not null && (year is null || !new DateOnly(year.Value, month + 1, day).DayOfWeek.ToString().Equals(weekday, StringComparison.OrdinalIgnoreCase)))
        {
            return null; // another day than the date says is no date
        }

        return Node.Text($"date {Months[month]} {day}" + (year is null ? "" : $" {year}"));
    }

    private static int Month(string word) => word.Length >= 3
        ? Array.FindIndex(Months, name => name.StartsWith(word, StringComparison.Ordinal) && (word.Length == 3 || word.Length == name.Length || word == "sept"))
        : -1;
}
