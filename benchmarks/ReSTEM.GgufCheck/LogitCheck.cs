using ReSTEM.Models;

namespace ReSTEM.GgufCheck;

/// <summary>What became of one model.</summary>
/// <param name="Name">The folder, or the variant.</param>
/// <param name="Family">Its model type.</param>
/// <param name="Refused">Why it is not exported; empty if it is.</param>
/// <param name="Largest">The largest logit, unsigned.</param>
/// <param name="Off">The largest difference of a logit by type of file.</param>
/// <param name="OffWithoutGelu">The largest difference in F32 where the feed-forward layers add nothing; null where there is no GELU.</param>
/// <param name="SameGreedy">Whether the F32 file is continued with the same tokens.</param>
internal sealed record LogitRow(
    string Name, string Family, string Refused, float Largest, IReadOnlyDictionary<GgufType, float> Off, float? OffWithoutGelu, bool SameGreedy)
{
    private const float Limit = 1e-3f;

    /// <summary>Of the largest logit: ggml takes GELU from a table in half precision.</summary>
    private const float HalfTableShare = 3e-3f;

    internal bool Passed => Refused.Length > 0
        || (SameGreedy && (OffWithoutGelu ?? Off[GgufType.F32]) <= Limit && Off[GgufType.F32] <= Math.Max(Limit, Largest * HalfTableShare)
            && Off.Values.All(off => off <= Largest / 5));
}

/// <summary>Logits and greedy continuations of llama.cpp on exported files beside the managed engine's on the folder.</summary>
internal static class LogitCheck
{
    private const int PromptLength = 32, GreedyLength = 16;

    internal static LogitRow Of(string name, string folder, string scratch)
    {
        using var weights = ModelFolder.Open(folder);
        string family = weights.Config.Family.ModelType;
        int[] ids = [.. Enumerable.Range(0, PromptLength).Select(t => (int)((t * 7919L + 11) % weights.Config.VocabularySize))];
        float[][] ours = Engine.Logits(weights, ids);
        float? offWithoutGelu = null;
        float largest = ours.Max(row => row.Max(MathF.Abs));
        Dictionary<GgufType, float> off = [];
        bool sameGreedy = false;
        foreach (var type in Enum.GetValues<GgufType>())
        {
            string file = Path.Combine(scratch, $"{name}-{type}.gguf");
            try
            {
                GgufModel.Write(file, weights, folder, type, hasTokenizer: false);
            }
            catch (InvalidDataException fault)
            {
                return new LogitRow(name, family, fault.Message.Replace(folder, name, StringComparison.Ordinal), largest, off, null, false);
            }

            using var foreign = LlamaCpp.Open(file);
            off[type] = Difference(ours, foreign.Logits(ids));
            if (type is GgufType.F32)
            {
                sameGreedy = Engine.Greedy(ids, GreedyLength, some => Engine.Logits(weights, some))
                    .SequenceEqual(Engine.Greedy(ids, GreedyLength, some => foreign.Logits(some)));
            }

            File.Delete(file);
        }

        if (weights.Config.Activation is Activation.GeluTanh)
        {
            string file = Path.Combine(scratch, $"{name}-without.gguf");
            var without = new WithoutFeedForward(weights);
            GgufModel.Write(file, without, folder, GgufType.F32, hasTokenizer: false);
            using var foreign = LlamaCpp.Open(file);
            offWithoutGelu = Difference(Engine.Logits(without, ids), foreign.Logits(ids));
            File.Delete(file);
        }

        return new LogitRow(name, family, "", largest, off, offWithoutGelu, sameGreedy);
    }

    private static float Difference(float[][] ones, float[][] others) =>
        ones.Zip(others).Max(rows => rows.First.Zip(rows.Second).Max(pair => MathF.Abs(pair.First - pair.Second)));

    /// <summary>A model whose feed-forward layers add nothing.</summary>
    private sealed class WithoutFeedForward(IWeightSource weights) : IWeightSource
    {
        public ModelConfig Config => weights.Config;

        public IReadOnlyList<TensorPlace> Places => weights.Places;

        public void Read(TensorPlace place, int firstRow, Span<float> rows)
        {
            weights.Read(place, firstRow, rows);
            if (place.Part is WeightPart.Down or WeightPart.DownBias)
            {
                rows.Clear();
            }
        }
    }
}
