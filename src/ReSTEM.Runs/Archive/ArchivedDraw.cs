using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>A draw whose samples are in a file of their own, and not in the ledger's.</summary>
/// <param name="Draw">The draw.</param>
/// <param name="Path">Of the file, from the run folder.</param>
/// <param name="Counts">Of its samples; none failed.</param>
/// <param name="Sha256">Of the file.</param>
public sealed record ArchivedDraw(DrawId Draw, string Path, SampleCounts Counts, string Sha256)
{
    /// <summary>Folder of such files in a run folder.</summary>
    internal const string FolderName = "archive";

    /// <summary>Where the samples of a draw go. Names of problem sets have no slash, so that no two draws meet.</summary>
    internal static string PathOf(DrawId draw) =>
        FormattableString.Invariant($"{FolderName}/{draw.Iteration:D3}-{draw.Name.Replace('/', '.')}.jsonl.gz");
}
