using System.Collections;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ReSTEM.Core;

namespace ReSTEM.Runs;

/// <summary>
/// Training sequences in a file, each read when it is asked for; memory holds 8 bytes of each. A record is prompt length (int32),
/// weight (float32), whether it continues an example (int32, 0 or 1) and token ids (int32). The file loses its name as soon as it is written, so that nothing is left however the
/// process ends. Safe for several threads.
/// </summary>
internal sealed class SequenceFile : ITrainingSet
{
    private const int HeaderBytes = 12;
    private const int BufferBytes = 1 << 16;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly List<long> _ends; // where each record ends

    private SequenceFile(string path, SafeFileHandle file, List<long> ends) => (_path, _file, _ends) = (path, file, ends);

    public int Count => _ends.Count;

    public TrainingSequence this[int index]
    {
        get
        {
            long start = index == 0 ? 0 : _ends[index - 1];
            byte[] record = new byte[_ends[index] - start];
            for (int read = 0; read < record.Length;)
            {
                int more = RandomAccess.Read(_file, record.AsSpan(read), start + read);
                read += more > 0 ? more : throw new InvalidDataException($"{_path} ends inside sequence {index}, expected {record.Length} bytes of it; start the same command again.");
            }

            var header = MemoryMarshal.Cast<byte, int>(record.AsSpan(0, HeaderBytes));
            return new TrainingSequence
            {
                PromptLength = header[0],
                Weight = BitConverter.Int32BitsToSingle(header[1]),
                Continues = header[2] != 0,
                TokenIds = MemoryMarshal.Cast<byte, int>(record.AsSpan(HeaderBytes)).ToArray(),
            };
        }
    }

    /// <summary>Writes sequences, instead of what is there; it need not survive a crash, since it is made anew then.</summary>
    internal static SequenceFile Write(string path, IEnumerable<TrainingSequence> sequences)
    {
        NewFolder.Create(Path.GetDirectoryName(path)!);
        var ends = new List<long>();
        using (var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes))
        {
            foreach (TrainingSequence sequence in sequences)
            {
                int[] record = [sequence.PromptLength, BitConverter.SingleToInt32Bits(sequence.Weight), sequence.Continues ? 1 : 0, .. sequence.TokenIds];
                stream.Write(MemoryMarshal.AsBytes<int>(record));
                ends.Add((ends.Count == 0 ? 0 : ends[^1]) + (record.Length * sizeof(int)));
            }
        }

        SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
        return new SequenceFile(path, file, ends);
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
