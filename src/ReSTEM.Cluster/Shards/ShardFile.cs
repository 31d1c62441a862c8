using System.Security.Cryptography;
using System.Text;
using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>The sealed samples of a shard: a line that says which shard, a line a sample, and a last one with the SHA-256 of all before it.</summary>
public static class ShardFile
{
    /// <summary>Writes it, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="spec">Which shard.</param>
    /// <param name="samples">In order; taken one at a time.</param>
    public static void Write(string path, ShardSpec spec, IEnumerable<Sample> samples) => AtomicFile.Write(path, stream =>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Put(ContractJson.Line(spec));
        long count = 0;
        foreach (Sample sample in samples)
        {
            Put(ContractJson.Line(ShardRow.Of(sample)));
            count++;
        }

        stream.Write(Encoding.UTF8.GetBytes(ContractJson.Line(new Seal(count, Convert.ToHexStringLower(hash.GetHashAndReset()))) + "\n"));

        void Put(string text)
        {
            byte[] line = Encoding.UTF8.GetBytes(text + "\n");
            hash.AppendData(line);
            stream.Write(line);
        }
    });

    /// <summary>Reads one, checked before the first sample is given.</summary>
    /// <param name="path">The file.</param>
    /// <param name="spec">Which shard it must be.</param>
    /// <param name="samples">How many samples it must have.</param>
    /// <exception cref="InvalidDataException">It was altered, or is of another shard.</exception>
    public static IEnumerable<Sample> Read(string path, ShardSpec spec, long samples)
    {
        Check(path, spec, samples);
        return Rows();

        IEnumerable<Sample> Rows()
        {
            using FileStream stream = File.OpenRead(path);
            foreach (byte[] line in FileLines.Of(stream).Skip(1).Take((int)samples))
            {
                yield return ContractJson.Parse<ShardRow>(Encoding.UTF8.GetString(line), path, "samples of a shard").ToSample();
            }
        }
    }

    private static void Check(string path, ShardSpec spec, long samples)
    {
        using FileStream stream = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[]? last = null;
        long lines = 0;
        foreach (byte[] line in FileLines.Of(stream))
        {
            if (lines == 0 && Encoding.UTF8.GetString(line) != ContractJson.Line(spec) + "\n")
            {
                throw new InvalidDataException($"{path} is of another shard, expected shard {spec.Shard} of {spec.ShardCount} of {spec.Draw}, iteration {spec.Iteration}, of this run.");
            }

            if (last is not null)
            {
                hash.AppendData(last);
            }

            last = line;
            lines++;
        }

        var seal = ContractJson.Parse<Seal>(Encoding.UTF8.GetString(last ?? []), $"the last line of {path}", "the seal of a shard");
        string actual = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (seal.Sha256 != actual || seal.Samples != lines - 2 || seal.Samples != samples)
        {
            throw new InvalidDataException($"{path} was altered or is not whole: {lines - 2} samples with SHA-256 {actual}, expected {samples} with {seal.Sha256}.");
        }
    }

    /// <param name="Samples">How many.</param>
    /// <param name="Sha256">Of all lines before.</param>
    private sealed record Seal(long Samples, string Sha256);
}
