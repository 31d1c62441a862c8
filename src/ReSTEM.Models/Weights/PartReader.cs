namespace ReSTEM.Models;

/// <summary>The stacked rows of a part, read across its tensors.</summary>
/// <param name="weights">Where they are.</param>
/// <param name="part">A matrix that the model has.</param>
/// <param name="layer">From 0; -1 outside the layers.</param>
public sealed class PartReader(IWeightSource weights, WeightPart part, int layer = -1)
{
    private readonly IReadOnlyList<TensorPlace> _places = weights.Of(part, layer);

    /// <summary>Rows of all tensors together.</summary>
    public int Rows => _places.Sum(place => place.Rows);

    /// <summary>Numbers of a row.</summary>
    public int RowLength => _places[0].RowLength;

    /// <summary>Copies rows.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">Shape [count, RowLength].</param>
    public void Read(int firstRow, Span<float> rows)
    {
        int first = 0, length = RowLength; // of the tensor at hand
        foreach (var place in _places)
        {
            int from = Math.Max(firstRow, first), to = Math.Min(firstRow + (rows.Length / length), first + place.Rows);
            if (from < to)
            {
                weights.Read(place, from - first, rows.Slice((from - firstRow) * length, (to - from) * length));
            }

            first += place.Rows;
        }
    }
}
