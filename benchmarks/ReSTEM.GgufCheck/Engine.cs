using ReSTEM.Managed;
using ReSTEM.Models;

namespace ReSTEM.GgufCheck;

/// <summary>Logits of the managed engine.</summary>
internal static class Engine
{
    internal static float[][] Logits(IWeightSource weights, IReadOnlyList<int> ids)
    {
        var decoder = new TransformerDecoder(new PackedModel(weights), maxRows: 256, blockCount: 64);
        using var sequence = KvSequence.TryOpen(decoder.Memory, ids.Count)!;
        sequence.MakeRoom(ids.Count);
        decoder.Forward([.. ids.Select((id, position) => new KvRow(id, position, sequence))]);
        float[][] rows = [.. ids.Select(_ => new float[weights.Config.VocabularySize])];
        for (int row = 0; row < rows.Length; row++)
        {
            decoder.Logits([row], rows[row]);
        }

        return rows;
    }

    /// <summary>The ids of a prompt and those that are likeliest after it, by whoever gives the logits.</summary>
    internal static int[] Greedy(IReadOnlyList<int> prompt, int count, Func<IReadOnlyList<int>, float[][]> logits)
    {
        List<int> ids = [.. prompt];
        for (int token = 0; token < count; token++)
        {
            float[] last = logits(ids)[^1];
            ids.Add(Array.IndexOf(last, last.Max()));
        }

        return [.. ids];
    }
}
