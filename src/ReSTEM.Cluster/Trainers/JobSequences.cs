using System.Collections;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>The sequences of a job, each read from its file when it is asked for. Safe for several threads.</summary>
internal sealed class JobSequences : IReadOnlyList<TrainingSequence>, IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly List<long> _ends = [];

    /// <exception cref="InvalidDataException">The file is not the one that the job names.</exception>
    internal JobSequences(string path, JobData data)
    {
        _path = path;
        string actual = File.Exists(path) ? ContentDigest.OfFile(path) : "missing";
        if (actual != data.Sha256)
        {
            throw new InvalidDataException($"{path}: SHA-256 is {actual}, expected {data.Sha256} (data.sha256 of the job).");
        }

        _file = File.OpenHandle(path);
        byte[] buffer = new byte[BufferBytes];
        long position = 0;
        for (int count; (count = RandomAccess.Read(_file, buffer, position)) > 0; position += count)
        {
            for (int i = 0; i < count; i++)
            {
                if (buffer[i] == '\n')
                {
                    _ends.Add(position + i + 1);
                }
            }
        }

        if (_ends.Count != data.Sequences)
        {
            throw new InvalidDataException($"{path}: {_ends.Count} lines, expected {data.Sequences} (data.sequences of the job).");
        }
    }

    public int Count => _ends.Count;

    public TrainingSequence this[int index]
    {
        get
        {
            long start = index == 0 ? 0 : _ends[index - 1];
            byte[] line = new byte[_ends[index] - start];
            for (int read = 0; read < line.Length;)
            {
                int count = RandomAccess.Read(_file, line.AsSpan(read), start + read);
                read += count > 0 ? count : throw new InvalidDataException($"{_path} became shorter while it was read.");
            }

            try
            {
                using var row = JsonDocument.Parse(line);
                return new TrainingSequence
                {
                    TokenIds = [.. row.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())],
                    PromptLength = row.RootElement.GetProperty("prompt_length").GetInt32(),
                    Weight = row.RootElement.GetProperty("weight").GetSingle(),
                };
            }
            catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new InvalidDataException($"{_path}:{index + 1}: {fault.Message} Expected an object with ids, prompt_length and weight.", fault);
            }
        }
    }

    public IEnumerator<TrainingSequence> GetEnumerator()
    {
        for (int index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _file.Dispose();
}
