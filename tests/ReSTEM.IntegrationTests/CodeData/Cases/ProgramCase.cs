using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Runs;

namespace ReSTEM.IntegrationTests;

/// <summary>A row of a code data set with a completion, and whether it deserves a reward: one line of a file of cases.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Fault">The class of faults it belongs to.</param>
/// <param name="Expected">Whether it deserves a reward.</param>
/// <param name="Problem">The row.</param>
/// <param name="Completion">The completion.</param>
internal sealed record ProgramCase(string Place, string Fault, bool Expected, Problem Problem, string Completion)
{
    /// <summary>The lines of a file, but for those of some numbers.</summary>
    /// <exception cref="InvalidDataException">A row is of no known form.</exception>
    internal static List<ProgramCase> ReadAll(string path, int[] without) =>
    [
        .. File.ReadLines(path).Select((text, index) => (Text: text, Line: index + 1))
            .Where(line => line.Text.Length > 0 && !without.Contains(line.Line))
            .Select(line => Read(path, line.Text, line.Line)),
    ];

    private static ProgramCase Read(string path, string text, int line)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        var row = root.GetProperty("row");
        return new ProgramCase(
            $"{Path.GetFileName(path)}:{line}",
            root.GetProperty("fault").GetString()!,
            root.GetProperty("expected").GetBoolean(),
            CodeRowReader.Read(row.Clone(), path, line),
            row.GetProperty("completion").GetString()!);
    }
}
