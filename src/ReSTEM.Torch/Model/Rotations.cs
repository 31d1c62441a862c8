using ReSTEM.Engines;
using ReSTEM.Models;
using ReSTEM.Numerics;
using static TorchSharp.torch;

namespace ReSTEM.Torch;

/// <summary>Cosines and sines of some rows' positions.</summary>
/// <param name="Cos">Shape [T, 1, Dim / 2], float32.</param>
/// <param name="Sin">Shape [T, 1, Dim / 2], float32.</param>
internal sealed record Rotation(Tensor Cos, Tensor Sin)
{
    /// <summary>Rotates heads, [T, n, Hd], by pairs of element i and i + Dim / 2; elements from Dim on stay as they are.</summary>
    internal Tensor Apply(Tensor heads)
    {
        long half = Cos.shape[^1], dim = heads.shape[^1];
        var wide = heads.to(float32);
        Tensor a = wide.narrow(-1, 0, half), b = wide.narrow(-1, half, half);
        Tensor[] turned = [(a * Cos) - (b * Sin), (b * Cos) + (a * Sin)];
        return cat(dim == 2 * half ? turned : [.. turned, wide.narrow(-1, 2 * half, dim - (2 * half))], -1).to(heads.dtype);
    }
}

/// <summary>The rotary embeddings of a model's layers on a device, from the project's own tables.</summary>
internal sealed class Rotations : IDisposable
{
    private readonly int[] _tableOf; // of each layer; -1 where positions are learned
    private readonly List<(Tensor Cos, Tensor Sin)> _tables = [];

    internal Rotations(ModelConfig config, Device device)
    {
        var tables = ModelRope.Tables(config);
        var known = new List<RopeTable>();
        _tableOf = new int[tables.Length];
        for (int layer = 0; layer < tables.Length; layer++)
        {
            _tableOf[layer] = tables[layer] is { } table ? known.IndexOf(table) : -1;
            if (tables[layer] is { } added && _tableOf[layer] < 0)
            {
                _tableOf[layer] = known.Count;
                known.Add(added);
                _tables.Add((Copy(added, added.Cos, device), Copy(added, added.Sin, device)));
            }
        }
    }

    /// <summary>For each layer the rotation of rows at some positions; null where positions are learned.</summary>
    /// <param name="positions">Shape [T], int64.</param>
    internal Rotation?[] At(Tensor positions)
    {
        Rotation[] taken = [.. _tables.Select(table => new Rotation(
            table.Cos.index_select(0, positions).unsqueeze(1), table.Sin.index_select(0, positions).unsqueeze(1)))];
        return [.. _tableOf.Select(table => table < 0 ? null : taken[table])];
    }

    public void Dispose()
    {
        foreach (var (cos, sin) in _tables)
        {
            cos.Dispose();
            sin.Dispose();
        }
    }

    private delegate ReadOnlySpan<float> RowOf(int position);

    private static Tensor Copy(RopeTable table, RowOf row, Device device)
    {
        float[] values = new float[table.Positions * table.HalfDim];
        for (int position = 0; position < table.Positions; position++)
        {
            row(position).CopyTo(values.AsSpan(position * table.HalfDim));
        }

        return DeviceTensors.Copy(values, [table.Positions, table.HalfDim], ScalarType.Float32, device);
    }
}
