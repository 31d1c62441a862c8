using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>
/// The samples of a shard while they are drawn: lines at the end of one file, each with a digest of its own and flushed before it counts. What a crash
/// cut off is cut off when the file is opened again. In memory are places and verdicts, no completions but those on which the verifier failed.
/// </summary>
public sealed class ShardStore : ISampleStore, IDisposable
{
    private const int DigestLength = 16;

    private readonly FileStream _file;
    private readonly string _folder;
    private readonly ShardSpec _spec;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<int, (long Place, int Length, Verdict Verdict)>> _problems = new(StringComparer.Ordinal);

    /// <summary>Opens the file of a shard, or makes it.</summary>
    /// <param name="folder">Of the shard.</param>
    /// <param name="spec">What is drawn.</param>
    /// <exception cref="IOException">Another process works on the shard.</exception>
    /// <exception cref="InvalidDataException">The file is of another shard.</exception>
    public ShardStore(string folder, ShardSpec spec)
    {
        (_folder, _spec) = (folder, spec);
        string path = Path.Combine(folder, "samples.partial");
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (fault is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new IOException($"{path} is held by another process, expected one for each shard; wait until it has ended, or end it.", fault);
        }

        string header = ContractJson.Line(spec);
        if (Restore() is { } before)
        {
            if (before != header)
            {
                _file.Dispose();
                throw new InvalidDataException($"{path} is of another shard; delete {folder} to draw it anew.");
            }
        }
        else
        {
            Append([header]);
        }
    }

    /// <inheritdoc/>
    public void Begin(DrawId draw, PolicyFingerprint policy) => _spec.ThrowUnlessFrom(_file.Name, policy);

    /// <inheritdoc/>
    public void Write(DrawId draw, IReadOnlyList<Sample> samples, PhaseBooking? booking = null)
    {
        lock (_lock)
        {
            var places = Append(samples.Select(sample => ContractJson.Line(ShardRow.Of(sample))));
            foreach (var (sample, (place, length)) in samples.Zip(places))
            {
                Remember(sample.Completion.ProblemId, sample.Completion.Index, place, length, sample.Finding.Verdict);
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Sample> Read(DrawId draw, string problemId)
    {
        lock (_lock)
        {
            return _problems.TryGetValue(problemId, out var samples) ? [.. samples.Values.Select(entry => Row(entry.Place, entry.Length).ToSample())] : [];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Indices(DrawId draw, string problemId)
    {
        lock (_lock)
        {
            return _problems.TryGetValue(problemId, out var samples) ? [.. samples.Keys] : [];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Sample> Failed(DrawId draw)
    {
        lock (_lock)
        {
            return
            [
                .. _problems.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => entry.Value.Values)
                    .Where(entry => entry.Verdict is Verdict.VerifierFailed).Select(entry => Row(entry.Place, entry.Length).ToSample()),
            ];
        }
    }

    /// <inheritdoc/>
    public SampleCounts Count(DrawId draw)
    {
        lock (_lock)
        {
            return Of(_problems.Values);
        }
    }

    /// <inheritdoc/>
    public SampleCounts Count(DrawId draw, string problemId)
    {
        lock (_lock)
        {
            return Of(_problems.TryGetValue(problemId, out var samples) ? [samples] : []);
        }
    }

    /// <summary>Writes the sealed file, in the order of the problems, and deletes this one.</summary>
    public void Seal(IReadOnlyList<Problem> problems)
    {
        ShardFile.Write(Path.Combine(_folder, ShardSpec.SamplesName), _spec, problems.SelectMany(problem => Read(_spec.DrawId, problem.Id)));
        _file.Dispose();
        AtomicFile.Delete(_file.Name);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static SampleCounts Of(IEnumerable<SortedDictionary<int, (long Place, int Length, Verdict Verdict)>> problems)
    {
        long drawn = 0, failed = 0, correct = 0;
        int most = 0;
        foreach (var (index, entry) in problems.SelectMany(samples => samples))
        {
            drawn++;
            failed += entry.Verdict is Verdict.VerifierFailed ? 1 : 0;
            correct += entry.Verdict is Verdict.Correct ? 1 : 0;
            most = Math.Max(most, index + 1);
        }

        return new SampleCounts(drawn, failed, correct, most);
    }

    private static byte[] LineOf(string json)
    {
        byte[] text = Encoding.UTF8.GetBytes(json);
        return [.. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(text))[..DigestLength]), (byte)' ', .. text, (byte)'\n'];
    }

    private void Remember(string problem, int index, long place, int length, Verdict verdict)
    {
        if (!_problems.TryGetValue(problem, out var samples))
        {
            _problems[problem] = samples = [];
        }

        samples[index] = (place, length, verdict);
    }

    private List<(long Place, int Length)> Append(IEnumerable<string> rows)
    {
        var places = new List<(long, int)>();
        using var lines = new MemoryStream();
        long start = _file.Length;
        foreach (string row in rows)
        {
            byte[] line = LineOf(row);
            places.Add((start + lines.Length, line.Length));
            lines.Write(line);
        }

        _file.Position = start;
        lines.WriteTo(_file);
        _file.Flush(flushToDisk: true);
        return places;
    }

    private ShardRow Row(long place, int length)
    {
        byte[] line = new byte[length];
        _file.Position = place;
        _file.ReadExactly(line);
        return ContractJson.Parse<ShardRow>(Encoding.UTF8.GetString(line, DigestLength + 1, length - DigestLength - 2), _file.Name, "samples of a shard");
    }

    /// <returns>The header; null for a new file.</returns>
    private string? Restore()
    {
        string? header = null;
        long end = 0;
        foreach (byte[] line in FileLines.Of(_file))
        {
            if (line.Length <= DigestLength + 2 || line[^1] != '\n')
            {
                break;
            }

            string json = Encoding.UTF8.GetString(line, DigestLength + 1, line.Length - DigestLength - 2);
            if (!line.AsSpan().SequenceEqual(LineOf(json)))
            {
                break;
            }

            if (header is null)
            {
                header = json;
            }
            else
            {
                var row = ContractJson.Parse<ShardRow>(json, _file.Name, "samples of a shard");
                Remember(row.Problem, row.Sample, end, line.Length, row.Verdict);
            }

            end += line.Length;
        }

        _file.SetLength(end); // what a crash cut off
        return header;
    }
}
