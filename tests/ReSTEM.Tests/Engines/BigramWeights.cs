using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>A language model that looks at one token: a table of logits, row for the token before, [V, V].</summary>
internal sealed record BigramWeights(float[] Table)
{
    internal const int ContextLength = 128;

    internal static readonly CharacterTokenizer Tokenizer = new();

    internal static int VocabularySize => Tokenizer.VocabularySize;

    internal string Sha256 => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(Table)));

    /// <summary>Logits of what follows a token, [V].</summary>
    internal ReadOnlySpan<float> After(int id) => Table.AsSpan(id * VocabularySize, VocabularySize);

    internal static BigramWeights Random(double spread = 2)
    {
        RandomSequence random = RandomStream.Of(5, RandomPurpose.Initialization).Sequence();
        float[] table = new float[VocabularySize * VocabularySize];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (float)(spread * random.Normals().First);
        }

        return new BigramWeights(table);
    }

    internal static string HashOf(string folder) => Load(folder).Sha256;

    internal static BigramWeights Load(string folder) =>
        new(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "table.bin"))).ToArray());

    internal void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), """{ "model_type": "bigram" }""");
        File.WriteAllBytes(Path.Combine(folder, "table.bin"), MemoryMarshal.AsBytes<float>(Table).ToArray());
    }
}
