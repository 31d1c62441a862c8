namespace ReSTEM.Tables;

/// <summary>One record of a CSV file.</summary>
/// <param name="Line">The line of the file that it begins in, from 1.</param>
/// <param name="Values">Column names and cells, in the order of the columns; empty when the record is bad.</param>
/// <param name="Fault">Then why, with file and line; else empty.</param>
public sealed record CsvRecord(int Line, IReadOnlyList<KeyValuePair<string, string>> Values, string Fault);
