using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>Published files in the ledger.</summary>
internal sealed class FileStore(LedgerDatabase database, RunPaths paths) : IFileStore
{
    private const string WeightsExtension = ".safetensors";

    public void Record(int iteration, string path)
    {
        var rows = FilesOf(path).Select(file => (
            Path: Name(iteration, file), Bytes: new FileInfo(file).Length, Sha256: ContentDigest.OfFile(file))).ToList();
        string name = Name(iteration, path);
        database.Write(connection =>
        {
            using var old = connection.Command("DELETE FROM files WHERE iteration = $0 AND (path = $1 OR path LIKE $1 || '/%')", iteration, name);
            old.ExecuteNonQuery();
            using var command = connection.Command("INSERT INTO files (iteration, path, bytes, sha256) VALUES ($0, $1, $2, $3)", new object?[4]);
            rows.ForEach(row => command.Execute(iteration, row.Path, row.Bytes, row.Sha256));
        });
    }

    public void Require(int iteration, string path)
    {
        string name = Name(iteration, path);
        var faults = Read().Where(file => file.Iteration == iteration)
            .Where(file => file.Path == name || file.Path.StartsWith(name + "/", StringComparison.Ordinal))
            .Where(file => !file.Path.EndsWith(WeightsExtension, StringComparison.Ordinal) || !File.Exists(PathOf(file)))
            .Select(Fault).OfType<string>().ToList();
        if (faults.Count > 0)
        {
            throw new InvalidDataException(string.Join('\n', faults));
        }
    }

    /// <summary>Iterations whose file of this name is missing or altered.</summary>
    internal IEnumerable<int> Altered(string name) => Read().Where(file => file.Path == name && Fault(file) is not null).Select(file => file.Iteration);

    public IReadOnlyList<string> Faults(bool exceptLostFolders) => [.. Read()
        .Where(file => !exceptLostFolders || Directory.Exists(Path.GetDirectoryName(PathOf(file))))
        .Select(Fault).OfType<string>()];

    /// <summary>SHA-256 of every recorded file, by full path.</summary>
    internal IReadOnlyDictionary<string, string> Hashes() => Read().ToDictionary(PathOf, file => file.Sha256);

    private List<PublishedFile> Read() => database.Rows(
        "SELECT iteration, path, bytes, sha256 FROM files ORDER BY iteration, path",
        row => new PublishedFile(row.GetInt32(0), row.GetString(1), row.GetInt64(2), row.GetString(3)));

    private string? Fault(PublishedFile file)
    {
        string path = PathOf(file);
        if (!File.Exists(path))
        {
            return $"{path} is missing, expected the {file.Bytes:N0} bytes that the run wrote. {Remedy(file)}";
        }

        string actual = ContentDigest.OfFile(path);
        return actual == file.Sha256 ? null : $"{path} was altered: its SHA-256 is {actual}, expected {file.Sha256}. {Remedy(file)}";
    }

    private string Remedy(PublishedFile file)
    {
        string part = file.Path.Split('/')[0];
        return part == Path.GetFileName(paths.Policy(file.Iteration))
            ? $"Restore it, or delete {paths.Policy(file.Iteration)} and start the run with --rebuild: it is trained again, to the same bits."
            : "Start the same command again: it is written anew.";
    }

    private static IEnumerable<string> FilesOf(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        : [path];

    private string PathOf(PublishedFile file) => Path.Combine(paths.Iteration(file.Iteration), file.Path);

    private string Name(int iteration, string path) =>
        Path.GetRelativePath(paths.Iteration(iteration), path).Replace(Path.DirectorySeparatorChar, '/');

    private sealed record PublishedFile(int Iteration, string Path, long Bytes, string Sha256);
}
