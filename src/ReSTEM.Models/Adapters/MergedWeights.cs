namespace ReSTEM.Models;

/// <summary>A model's weights with an adapter added into them: <c>W + scale B A</c>, in a fixed order of sums.</summary>
public sealed class MergedWeights(IWeightSource weights, Adapter adapter) : IWeightSource
{
    private readonly Dictionary<string, AdapterModule> _modules = adapter.Modules.ToDictionary(module => module.Place.Name, StringComparer.Ordinal);

    /// <inheritdoc/>
    public ModelConfig Config => weights.Config;

    /// <inheritdoc/>
    public IReadOnlyList<TensorPlace> Places => weights.Places;

    /// <inheritdoc/>
    public StoredTensor? Find(TensorPlace place) => _modules.ContainsKey(place.Name) ? null : weights.Find(place);

    /// <inheritdoc/>
    public void Read(TensorPlace place, int firstRow, Span<float> rows)
    {
        weights.Read(place, firstRow, rows);
        if (!_modules.TryGetValue(place.Name, out var module))
        {
            return;
        }

        int inDim = place.RowLength;
        for (int row = 0; row < rows.Length / inDim; row++)
        {
            var target = rows.Slice(row * inDim, inDim);
            for (int r = 0; r < module.Rank; r++)
            {
                float factor = adapter.Config.Scale * module.Up[((firstRow + row) * module.Rank) + r];
                var down = module.Down.AsSpan(r * inDim, inDim);
                for (int k = 0; k < inDim; k++)
                {
                    target[k] += factor * down[k];
                }
            }
        }
    }
}
