using System.Text;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Cli;

/// <summary>
/// Samples of a draw that is not complete, in a file beside its output, so that the same command goes on after an interruption. The
/// first line says what draw it is; each other one is a sample: number of its prompt, number of the sample, its output row.
/// </summary>
internal sealed class UnfinishedSamples : IDisposable
{
    private const string Extension = ".unfinished";
    private static readonly TimeSpan SyncInterval = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly FileStream _file;
    private readonly SortedDictionary<(int Prompt, int Index), (long Start, int Length)> _places = [];
    private long _synced = TimeProvider.System.GetTimestamp();

    private UnfinishedSamples(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>How many samples are there.</summary>
    internal int Count => _places.Count;

    /// <summary>The file.</summary>
    internal string Path => _path;

    /// <summary>Opens what an earlier start left, or begins.</summary>
    /// <param name="output">Path of the output.</param>
    /// <param name="identity">Everything that decides the samples.</param>
    /// <exception cref="UsageException">The file is of another draw, or in use.</exception>
    internal static UnfinishedSamples Open(string output, RunIdentity identity)
    {
        string path = output + Extension;
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}, for what is drawn so far, cannot be written: {Failure.Reason(fault)}. Is the same command running?");
        }

        try
        {
            var samples = new UnfinishedSamples(path, file);
            samples.ReadBack(identity);
            return samples;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a sample is there.</summary>
    internal bool Has(int prompt, int index) => _places.ContainsKey((prompt, index));

    /// <summary>Adds a sample.</summary>
    internal void Add(int prompt, int index, string row)
    {
        byte[] text = Encoding.UTF8.GetBytes(row);
        byte[] head = Encoding.UTF8.GetBytes(FormattableString.Invariant($"{prompt} {index} "));
        _places[(prompt, index)] = (_file.Length + head.Length, text.Length);
        _file.Seek(0, SeekOrigin.End);
        _file.Write([.. head, .. text, (byte)'\n']);
        _file.Flush(); // into the system's hands: what was drawn outlives this process
        if (TimeProvider.System.GetElapsedTime(_synced) >= SyncInterval)
        {
            _file.Flush(flushToDisk: true);
            _synced = TimeProvider.System.GetTimestamp();
        }
    }

    /// <summary>All rows, by prompt and sample.</summary>
    internal IEnumerable<string> InOrder()
    {
        foreach (var (start, length) in _places.Values)
        {
            var text = new byte[length];
            _file.Seek(start, SeekOrigin.Begin);
            _file.ReadExactly(text);
            yield return Encoding.UTF8.GetString(text);
        }
    }

    /// <summary>The output is complete: takes the file away.</summary>
    internal void Delete()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bool isEmpty = _places.Count == 0;
        _file.Dispose();
        if (isEmpty)
        {
            File.Delete(_path);
        }
    }

    private void ReadBack(RunIdentity identity)
    {
        if (_file.Length == 0)
        {
            _file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(identity.Parts) + "\n"));
            _file.Flush(flushToDisk: true);
            return;
        }

        long next = 0;
        foreach (byte[] line in Lines())
        {
            if (next == 0)
            {
                RefuseOther(line, identity);
            }
            else if (Parse(line) is { } sample)
            {
                _places[(sample.Prompt, sample.Index)] = (next + sample.Start, line.Length - sample.Start);
            }
            else
            {
                break; // a power cut left this line and what follows unfinished
            }

            next += line.Length + 1;
        }

        _file.SetLength(next);
    }

    private void RefuseOther(byte[] line, RunIdentity identity)
    {
        RunIdentity before;
        try
        {
            before = RunIdentity.Of(JsonSerializer.Deserialize<Dictionary<string, string>>(line) ?? []);
        }
        catch (JsonException)
        {
            throw new UsageException($"{_path} is not what an interrupted `restem sample` leaves, expected that or nothing there; move it away.");
        }

        if (identity.Compare(before) is { Length: > 0 } differences)
        {
            throw new UsageException(
                $"{_path} is of an interrupted `restem sample` with other settings: {differences}. Give the same settings to go on with it, or delete it to begin anew.");
        }
    }

    /// <summary>Whole lines, without their breaks.</summary>
    private IEnumerable<byte[]> Lines()
    {
        var bytes = new byte[_file.Length];
        _file.Seek(0, SeekOrigin.Begin);
        _file.ReadExactly(bytes);
        int start = 0;
        for (int end; (end = Array.IndexOf(bytes, (byte)'\n', start)) >= 0; start = end + 1)
        {
            yield return bytes[start..end];
        }
    }

    private static (int Prompt, int Index, int Start)? Parse(byte[] line)
    {
        int first = Array.IndexOf(line, (byte)' ');
        int second = first < 0 ? -1 : Array.IndexOf(line, (byte)' ', first + 1);
        if (second < 0 || !int.TryParse(line.AsSpan(0, first), null, out int prompt) || !int.TryParse(line.AsSpan(first + 1, second - first - 1), null, out int index))
        {
            return null;
        }

        var reader = new Utf8JsonReader(line.AsSpan(second + 1));
        try
        {
            return reader.Read() && reader.TrySkip() && reader.TokenType is JsonTokenType.EndObject ? (prompt, index, second + 1) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
