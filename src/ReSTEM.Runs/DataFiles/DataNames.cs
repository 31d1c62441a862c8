namespace ReSTEM.Runs;

/// <summary>Names of data files.</summary>
internal static class DataNames
{
    private static readonly string[] Endings = [".jsonl", ".json", ".ndjson", ".csv", ".tsv", ".parquet"];

    /// <summary>The name without a last <c>.gz</c>.</summary>
    internal static string WithoutPacking(string path) =>
        path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;

    /// <summary>The file's own name without folder and without what says how it is written: what an id that is made here begins with.</summary>
    internal static string Stem(string path)
    {
        string name = Path.GetFileName(WithoutPacking(path));
        return Endings.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } ending && name.Length > ending.Length
            ? name[..^ending.Length]
            : name;
    }
}
