using System.Globalization;
using System.Text;

namespace ReSTEM.Templates;

/// <summary>Dates and times in the forms of strftime that templates use, in English.</summary>
internal static class TimeFormat
{
    /// <exception cref="TemplateException">A form is not known.</exception>
    internal static string Apply(string format, DateTimeOffset time)
    {
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            bool isBare = format[i + 1] == '-' && i + 2 < format.Length;
            i += isBare ? 2 : 1;
            string part = Part(format[i], time);
            text.Append(isBare ? part.TrimStart('0', ' ').PadLeft(1, '0') : part);
        }

        return text.ToString();
    }

    private static string Part(char letter, DateTimeOffset time) => letter switch
    {
        'Y' => Text(time, "yyyy"),
        'y' => Text(time, "yy"),
        'm' => Text(time, "MM"),
        'd' => Text(time, "dd"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'B' => Text(time, "MMMM"),
        'b' or 'h' => Text(time, "MMM"),
        'A' => Text(time, "dddd"),
        'a' => Text(time, "ddd"),
        'H' => Text(time, "HH"),
        'I' => Text(time, "hh"),
        'M' => Text(time, "mm"),
        'S' => Text(time, "ss"),
        'p' => Text(time, "tt"),
        'j' => time.DayOfYear.ToString("D3", CultureInfo.InvariantCulture),
        'F' => Text(time, "yyyy-MM-dd"),
        'T' => Text(time, "HH:mm:ss"),
        'D' => Text(time, "MM/dd/yy"),
        'Z' or 'z' => "",
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => throw new TemplateException($"a date is written as %{letter}, expected one of %Y %y %m %d %e %B %b %h %A %a %H %I %M %S %p %j %F %T %D %Z %z %n %t %%."),
    };

    private static string Text(DateTimeOffset time, string format) => time.ToString(format.Length == 1 ? "%" + format : format, DateTimeFormatInfo.InvariantInfo);
}
