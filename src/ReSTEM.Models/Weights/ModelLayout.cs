namespace ReSTEM.Models;

/// <summary>Names, shapes and places of the tensors that a configuration calls for, in Hugging Face's naming.</summary>
public static class ModelLayout
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    /// <summary>Every stored tensor, embedding first, then layer by layer; a tied head is not stored.</summary>
    public static IReadOnlyList<TensorPlace> Tensors(ModelConfig config)
    {
        var names = config.Family.Names;
        var tensors = new List<TensorPlace>
        {
            new(names.Prefix + names.Embedding + Weight, WeightPart.Embedding, -1, [config.VocabularySize, config.ModelDim], false),
        };
        if (config.Family.HasLearnedPositions)
        {
            tensors.Add(new(names.Prefix + names.Positions + Weight, WeightPart.Positions, -1, [config.ContextLength, config.ModelDim], false));
        }

        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            AddLayer(tensors, config, layer);
        }

        AddNorm(tensors, config, -1, names.Prefix + names.FinalNorm, WeightPart.FinalNorm, WeightPart.FinalNormBias);
        if (!config.TiedEmbeddings)
        {
            tensors.Add(new(names.Head, WeightPart.Head, -1, [config.VocabularySize, config.ModelDim], false));
        }

        return tensors;
    }

    /// <summary>The name that a stored tensor has here: with the family's prefix, which some checkpoints leave out.</summary>
    internal static string FullName(DecoderFamily family, string stored) =>
        stored.StartsWith(family.Names.Prefix, StringComparison.Ordinal) || stored == family.Names.Head ? stored : family.Names.Prefix + stored;

    /// <summary>Whether a stored tensor is a buffer of the reference implementation and no weight.</summary>
    internal static bool IsBuffer(DecoderFamily family, string stored) =>
        Array.Exists(family.Names.Buffers, end => stored.EndsWith(end, StringComparison.Ordinal));

    /// <summary>Refuses named shapes that do not fit a configuration.</summary>
    /// <exception cref="InvalidDataException">Tensors are missing, unexpected or of another shape; the message names all of them.</exception>
    internal static void ThrowUnlessFitting(ModelConfig config, IReadOnlyDictionary<string, IReadOnlyList<int>> shapes)
    {
        var layout = Tensors(config);
        var faults = new List<string>();
        foreach (var place in layout)
        {
            if (!shapes.TryGetValue(place.Name, out IReadOnlyList<int>? actual))
            {
                faults.Add($"{place.Name} is missing, expected [{string.Join(", ", place.StoredShape)}]");
            }
            else if (!actual.SequenceEqual(place.StoredShape))
            {
                faults.Add($"{place.Name} is [{string.Join(", ", actual)}], expected [{string.Join(", ", place.StoredShape)}]");
            }
        }

        var expected = layout.Select(place => place.Name).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(shapes.Keys.Where(name => !expected.Contains(name)).Order(StringComparer.Ordinal).Select(name => $"{name} is unexpected"));
        if (faults.Count > 0)
        {
            throw new InvalidDataException($"{faults.Count} tensor(s) do not fit the configuration: {Shown(faults)}.");
        }
    }

    /// <summary>All of a few faults; of many the first.</summary>
    private static string Shown(List<string> faults)
    {
        const int Most = 12;
        string shown = string.Join("; ", faults.Take(Most));
        return faults.Count > Most ? $"{shown}; and {faults.Count - Most} more" : shown;
    }

    private static void AddLayer(List<TensorPlace> tensors, ModelConfig config, int layer)
    {
        var (family, names) = (config.Family, config.Family.Names);
        string prefix = $"{names.Prefix}{names.Layers}.{layer}.";
        int[] heads = names.QueryKeyValue.Length == 1 ? [config.QueryDim + (2 * config.KvDim)] : [config.QueryDim, config.KvDim, config.KvDim];
        int[] gates = names.GateUp.Length == 1 ? [config.GateUpDim] : [config.FeedForwardDim, config.FeedForwardDim];
        if (family.NormPlacement is not NormPlacement.After)
        {
            AddNorm(tensors, config, layer, prefix + names.AttentionNorm, WeightPart.AttentionNorm, WeightPart.AttentionNormBias);
        }

        AddMatrices(WeightPart.QueryKeyValue, WeightPart.QueryKeyValueBias, names.QueryKeyValue, heads, config.ModelDim, ProjectionBiases.QueryKeyValue);
        AddHeadNorms(tensors, config, layer, prefix);
        AddMatrices(WeightPart.Output, WeightPart.OutputBias, [names.Output], [config.ModelDim], config.QueryDim, ProjectionBiases.Output);
        if (family.NormPlacement is not NormPlacement.Before)
        {
            AddNorm(tensors, config, layer, prefix + names.AfterAttentionNorm, WeightPart.AfterAttentionNorm, null);
        }

        if (family.NormPlacement is not NormPlacement.After)
        {
            AddNorm(tensors, config, layer, prefix + names.FeedForwardNorm, WeightPart.FeedForwardNorm, WeightPart.FeedForwardNormBias);
        }

        AddMatrices(WeightPart.GateUp, WeightPart.GateUpBias, names.GateUp, gates, config.ModelDim, ProjectionBiases.FeedForward);
        AddMatrices(WeightPart.Down, WeightPart.DownBias, [names.Down], [config.ModelDim], config.FeedForwardDim, ProjectionBiases.FeedForward);
        if (family.NormPlacement is not NormPlacement.Before)
        {
            AddNorm(tensors, config, layer, prefix + names.AfterFeedForwardNorm, WeightPart.AfterFeedForwardNorm, null);
        }

        void AddMatrices(WeightPart part, WeightPart bias, string[] parts, int[] rows, int inDim, ProjectionBiases biased)
        {
            tensors.AddRange(parts.Zip(rows, (name, count) =>
                new TensorPlace(prefix + name + Weight, part, layer, [count, inDim], names.IsTransposed)));
            if (config.Biases.HasFlag(biased))
            {
                tensors.AddRange(parts.Zip(rows, (name, count) => new TensorPlace(prefix + name + Bias, bias, layer, [count], false)));
            }
        }
    }

    private static void AddHeadNorms(List<TensorPlace> tensors, ModelConfig config, int layer, string prefix)
    {
        if (config.Family.QueryKeyNorm is not QueryKeyNorm.None)
        {
            bool whole = config.Family.QueryKeyNorm is QueryKeyNorm.Whole;
            var names = config.Family.Names;
            tensors.Add(new(prefix + names.QueryNorm + Weight, WeightPart.QueryNorm, layer, [whole ? config.QueryDim : config.HeadDim], false));
            tensors.Add(new(prefix + names.KeyNorm + Weight, WeightPart.KeyNorm, layer, [whole ? config.KvDim : config.HeadDim], false));
        }
    }

    private static void AddNorm(List<TensorPlace> tensors, ModelConfig config, int layer, string name, WeightPart gain, WeightPart? bias)
    {
        tensors.Add(new(name + Weight, gain, layer, [config.ModelDim], false));
        if (config.Family.Norm is NormKind.Layer && bias is { } part)
        {
            tensors.Add(new(name + Bias, part, layer, [config.ModelDim], false));
        }
    }
}
