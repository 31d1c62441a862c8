using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ReSTEM.Core;

/// <summary>
/// Random numbers addressed by what they are for: key = (run seed, purpose), counter = (iteration, problem, sample, position).
/// A value type with no state: the number at a position is the same whenever, wherever and in whatever order it is asked for.
/// </summary>
public readonly record struct RandomStream
{
    /// <summary>Largest iteration that fits the counter.</summary>
    public const int MaxIteration = (1 << 12) - 1;

    /// <summary>Largest sample index that fits the counter.</summary>
    public const int MaxSample = (1 << 20) - 1;

    private const int WordLength = 8;
    private const int AddressLength = 5 * WordLength;

    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _problem0;
    private readonly uint _problem1;
    private readonly uint _iterationAndSample;

    private RandomStream(uint key0, uint key1, uint problem0, uint problem1, uint iterationAndSample)
    {
        _key0 = key0;
        _key1 = key1;
        _problem0 = problem0;
        _problem1 = problem1;
        _iterationAndSample = iterationAndSample;
    }

    /// <summary>The stream of a run seed for one purpose, at iteration 0, no problem, sample 0.</summary>
    public static RandomStream Of(ulong seed, RandomPurpose purpose)
    {
        var block = Philox.Block(((uint)seed, (uint)(seed >> 32)), ((uint)purpose, 0, 0, 0));
        return new RandomStream(block.X0, block.X1, 0, 0, 0);
    }

    /// <summary>The same stream at another place.</summary>
    /// <param name="iteration">0 to <see cref="MaxIteration"/>.</param>
    /// <param name="problemId">Any text; enters by the first 64 bits of its SHA-256. Empty means no problem.</param>
    /// <param name="sample">0 to <see cref="MaxSample"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Iteration or sample does not fit.</exception>
    public RandomStream At(int iteration, string problemId, int sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iteration, MaxIteration);
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sample, MaxSample);
        ulong problem = problemId.Length == 0 ? 0 : Hash(problemId);
        return new RandomStream(
            _key0, _key1, (uint)problem, (uint)(problem >> 32), ((uint)iteration << 20) | (uint)sample);
    }

    /// <summary>The stream as text, 40 hexadecimal digits, for who draws elsewhere: the same text is the same numbers.</summary>
    public string Address => $"{_key0:x8}{_key1:x8}{_problem0:x8}{_problem1:x8}{_iterationAndSample:x8}";

    /// <summary>The stream of an <see cref="Address"/>; null where the text is none.</summary>
    public static RandomStream? OfAddress(string text)
    {
        Span<uint> words = stackalloc uint[AddressLength / WordLength];
        for (int word = 0; word < words.Length; word++)
        {
            if (text.Length != AddressLength || !uint.TryParse(
                text.AsSpan(word * WordLength, WordLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out words[word]))
            {
                return null;
            }
        }

        return new RandomStream(words[0], words[1], words[2], words[3], words[4]);
    }

    /// <summary>128 random bits at a position.</summary>
    public (uint X0, uint X1, uint X2, uint X3) Block(uint position) =>
        Philox.Block((_key0, _key1), (position, _iterationAndSample, _problem0, _problem1));

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double Uniform(uint position)
    {
        var block = Block(position);
        return (((ulong)block.X1 << 32 | block.X0) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A stateful reader of this stream from position 0, for code that draws one number after the other.</summary>
    public RandomSequence Sequence() => new(this);

    private static ulong Hash(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }
}
