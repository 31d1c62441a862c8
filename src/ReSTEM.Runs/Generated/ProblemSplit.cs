using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ReSTEM.Runs;

/// <summary>What a generated problem may be used for.</summary>
public enum ProblemSplit
{
    /// <summary>Training problems of the loop.</summary>
    Train,

    /// <summary>Validation problems of the M-step.</summary>
    Validation,

    /// <summary>Test problems.</summary>
    Test,

    /// <summary>Base-model training text.</summary>
    Corpus,
}

/// <summary>Puts every prompt into exactly one split, so that splits are disjoint whatever their seeds and sizes.</summary>
internal static class SplitRule
{
    /// <summary>By the SHA-256 of the prompt: 10 % test, 5 % validation, 20 % train, 65 % corpus.</summary>
    internal static ProblemSplit Of(string prompt)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(prompt), digest);
        return (BinaryPrimitives.ReadUInt32LittleEndian(digest) % 20) switch
        {
            < 2 => ProblemSplit.Test,
            < 3 => ProblemSplit.Validation,
            < 7 => ProblemSplit.Train,
            _ => ProblemSplit.Corpus,
        };
    }
}
