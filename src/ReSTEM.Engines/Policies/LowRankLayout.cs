using ReSTEM.Models;

namespace ReSTEM.Engines;

/// <summary>Puts the factors of several modules side by side, and takes them apart again.</summary>
public static class LowRankLayout
{
    /// <summary>A stacked, [R, in], and B block by block, [out, R].</summary>
    /// <param name="modules">Of one part, in the order of its rows.</param>
    /// <param name="places">All tensors of the part.</param>
    public static (float[] Down, float[] Up, int OutDim) Stacked(IReadOnlyList<AdapterModule> modules, IReadOnlyList<TensorPlace> places)
    {
        int outDim = places.Sum(place => place.Rows), rank = modules.Sum(module => module.Rank);
        float[] down = new float[rank * places[0].RowLength], up = new float[outDim * rank];
        foreach (var block in Blocks(modules, places))
        {
            block.Module.Down.CopyTo(down, block.FirstRank * places[0].RowLength);
            for (int row = 0; row < block.Module.Place.Rows; row++)
            {
                block.Module.Up.AsSpan(row * block.Module.Rank, block.Module.Rank).CopyTo(up.AsSpan(((block.FirstRow + row) * rank) + block.FirstRank));
            }
        }

        return (down, up, outDim);
    }

    /// <summary>The modules with the factors that stacked ones hold.</summary>
    public static IEnumerable<AdapterModule> Apart(
        IReadOnlyList<AdapterModule> modules, IReadOnlyList<TensorPlace> places, ReadOnlySpan<float> down, ReadOnlySpan<float> up)
    {
        int rank = modules.Sum(module => module.Rank), inDim = places[0].RowLength;
        var apart = new List<AdapterModule>();
        foreach (var block in Blocks(modules, places))
        {
            var module = block.Module;
            float[] ownUp = new float[module.Up.Length];
            for (int row = 0; row < module.Place.Rows; row++)
            {
                up.Slice(((block.FirstRow + row) * rank) + block.FirstRank, module.Rank).CopyTo(ownUp.AsSpan(row * module.Rank));
            }

            apart.Add(module with { Down = down.Slice(block.FirstRank * inDim, module.Down.Length).ToArray(), Up = ownUp });
        }

        return apart;
    }

    /// <summary>Clears what of a stacked B, [out, R], is in no module.</summary>
    public static void ClearOutside(IReadOnlyList<AdapterModule> modules, IReadOnlyList<TensorPlace> places, Span<float> up)
    {
        int rank = modules.Sum(module => module.Rank), row = 0;
        foreach (var place in places)
        {
            var own = Blocks(modules, places).Where(block => block.Module.Place.Name == place.Name).Select(block => (block.FirstRank, block.Module.Rank)).SingleOrDefault();
            for (int end = row + place.Rows; row < end; row++)
            {
                var numbers = up.Slice(row * rank, rank);
                numbers[..own.FirstRank].Clear();
                numbers[(own.FirstRank + own.Rank)..].Clear();
            }
        }
    }

    private static IEnumerable<(AdapterModule Module, int FirstRow, int FirstRank)> Blocks(
        IReadOnlyList<AdapterModule> modules, IReadOnlyList<TensorPlace> places)
    {
        int rank = 0;
        foreach (var module in modules)
        {
            yield return (module, places.TakeWhile(place => place.Name != module.Place.Name).Sum(place => place.Rows), rank);
            rank += module.Rank;
        }
    }
}
