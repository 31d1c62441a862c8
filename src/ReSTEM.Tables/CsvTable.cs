using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace ReSTEM.Tables;

/// <summary>CSV as RFC 4180 has it, with a header line; read strictly.</summary>
/// <remarks>Comma, semicolon or tab: whichever the header line has most of. A column without a name, such as the index that pandas writes, is left out.</remarks>
public static class CsvTable
{
    private static readonly char[] Delimiters = [',', ';', '\t'];

    /// <summary>The records after the header; blank lines are passed over.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="text">The whole table.</param>
    /// <exception cref="InvalidDataException">There is no header line, or it names a column twice or not at all.</exception>
    public static IEnumerable<CsvRecord> Read(string path, string text)
    {
        string? bad = null;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = DelimiterOf(text).ToString(),
            BadDataFound = found => bad = found.Field,
            IgnoreBlankLines = true,
            Mode = CsvMode.RFC4180,
        };
        using var parser = new CsvParser(new StringReader(text), configuration);
        string[] columns = Header(path, parser, () => bad);
        int line = 1;
        int counted = 0;
        for (int start = (int)parser.CharCount; parser.Read(); start = (int)parser.CharCount)
        {
            string[] cells = parser.Record!;
            start += text.AsSpan(start).IndexOfAnyExcept('\r', '\n') is >= 0 and var blank ? blank : 0;
            line += text.AsSpan(counted, start - counted).Count('\n');
            counted = start;
            string fault = bad is { } field ? $"{path}:{line}: {QuoteFault(field)}"
                : cells.Length != columns.Length ? $"{path}:{line}: the row has {cells.Length} cells, expected {columns.Length} ({Short(string.Join(", ", columns))})."
                : "";
            bad = null;
            yield return new CsvRecord(line, fault.Length > 0 ? [] : Values(columns, cells), fault);
        }
    }

    private static KeyValuePair<string, string>[] Values(string[] columns, string[] cells) =>
        [.. columns.Zip(cells, KeyValuePair.Create).Where(cell => cell.Key.Length > 0)];

    private static string[] Header(string path, CsvParser parser, Func<string?> bad)
    {
        if (!parser.Read())
        {
            throw new InvalidDataException($"{path}: the file is empty, expected a header line with the names of the columns.");
        }

        string[] columns = [.. parser.Record!.Select(name => name.Trim())];
        if (bad() is { } field)
        {
            throw new InvalidDataException($"{path}:{parser.RawRow}: {QuoteFault(field)}");
        }

        if (columns.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"{path}:{parser.RawRow}: the column '{Short(twice.Key)}' is there twice, expected once.");
        }

        return columns.Any(name => name.Length > 0)
            ? columns
            : throw new InvalidDataException($"{path}:{parser.RawRow}: the header line names no column, expected names.");
    }

    private static char DelimiterOf(string text)
    {
        string header = text.TrimStart('\r', '\n');
        int end = header.IndexOf('\n', StringComparison.Ordinal);
        header = end < 0 ? header : header[..end];
        return Delimiters.MaxBy(delimiter => Outside(header).Count(character => character == delimiter));
    }

    private static IEnumerable<char> Outside(string header)
    {
        bool quoted = false;
        foreach (char character in header)
        {
            quoted ^= character == '"';
            if (!quoted)
            {
                yield return character;
            }
        }
    }

    private static string QuoteFault(string field) =>
        $"the cell {Short(field)} has a quotation mark where none may stand, expected one around the whole cell and those inside it doubled.";

    private static string Short(string text) =>
        (text.Length > 60 ? text[..60] + "..." : text).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
