using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// SHA-256 of every file of a run that has ended, in the form of <c>sha256sum</c>: also of those that the ledger cannot speak of, the
/// ledger among them. It is gone while a run goes on.
/// </summary>
public static class RunSums
{
    /// <summary>Name of the file in the run folder; <c>sha256sum -c</c> reads it.</summary>
    public const string FileName = "SHA256SUMS";

    private const int HashLength = 64;
    private const string Separator = "  ";

    /// <summary>Whether a run has its sums.</summary>
    public static bool Exist(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Writes the sums of all files that are there.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="known">SHA-256 by full path of files that need not be read again.</param>
    internal static void Write(string folder, IReadOnlyDictionary<string, string> known)
    {
        var text = new StringBuilder();
        foreach (string name in Names(folder))
        {
            string path = Path.GetFullPath(Path.Combine(folder, name));
            text.Append(known.GetValueOrDefault(path) ?? ContentDigest.OfFile(path)).Append(Separator).Append(name).Append('\n');
        }

        AtomicFile.WriteText(Path.Combine(folder, FileName), text.ToString());
    }

    /// <summary>The run goes on: what was true of its files will not be.</summary>
    internal static void Forget(string folder) => AtomicFile.Delete(Path.Combine(folder, FileName));

    /// <summary>Compares all files with the sums.</summary>
    /// <param name="folder">The run folder, with sums.</param>
    /// <returns>What is altered or missing, in words; empty for nothing.</returns>
    /// <exception cref="InvalidDataException">The file of the sums itself is not as it was written.</exception>
    public static IReadOnlyList<string> Faults(string folder) => [.. Read(folder).Select(entry => Fault(folder, entry.Name, entry.Sha256)).OfType<string>()];

    /// <summary>Files of the folder that the sums do not name.</summary>
    /// <exception cref="InvalidDataException">As above.</exception>
    public static IReadOnlyList<string> Strangers(string folder) => [.. Names(folder).Except(Read(folder).Select(entry => entry.Name))];

    private static string? Fault(string folder, string name, string sha256)
    {
        string path = Path.Combine(folder, name);
        return !File.Exists(path) ? $"{path} is missing, expected the file with SHA-256 {sha256} ({FileName})."
            : ContentDigest.OfFile(path) is var actual && actual != sha256 ? $"{path} was altered: its SHA-256 is {actual}, expected {sha256} ({FileName})."
            : null;
    }

    private static List<(string Name, string Sha256)> Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        string text = File.ReadAllText(path);
        var entries = new List<(string Name, string Sha256)>();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length <= HashLength + Separator.Length || line[HashLength..(HashLength + Separator.Length)] != Separator || !line[..HashLength].All(char.IsAsciiHexDigitLower))
            {
                throw new InvalidDataException(
                    $"{path} was altered: line {entries.Count + 1} is no SHA-256 with a name. Start the run's command again: it writes the file anew, from the files as they are.");
            }

            entries.Add((line[(HashLength + Separator.Length)..], line[..HashLength]));
        }

        return entries;
    }

    // Not the lock, which belongs to who holds it, nor the log of an open ledger.
    private static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))
        .Where(name => name is not (FileName or RunFolder.LockName or RunLedger.FileName + "-wal" or RunLedger.FileName + "-shm"))
        .Order(StringComparer.Ordinal);
}
