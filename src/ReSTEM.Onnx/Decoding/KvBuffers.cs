using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>
/// Keys and values of all layers in memory of the device, with what the graph is bound to: all rows at once, or one row by itself, which is a part of the
/// same memory.
/// </summary>
internal sealed unsafe class KvBuffers : IDisposable
{
    private readonly DecoderSession _session;
    private readonly ModelConfig _config;
    private readonly int _headDim;
    private readonly (OrtValue Value, nint Memory)[] _buffers; // keys and values of layer 0, of layer 1, ...
    private readonly List<OrtValue> _parts = [];
    private readonly RowBinding?[] _rows;

    internal KvBuffers(DecoderSession session, int rows, int length)
    {
        (_session, _config, RowCount, Length) = (session, session.Config, rows, length);
        _headDim = GraphAttention.HeadDim(_config);
        _rows = new RowBinding?[rows];
        _buffers = new (OrtValue, nint)[2 * _config.LayerCount];
        bool isWhole = false;
        try
        {
            for (int index = 0; index < _buffers.Length; index++)
            {
                _buffers[index] = session.Allocate([rows, _config.KvHeadCount, length, _headDim]);
            }

            All = Bind(0, rows);
            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                Dispose();
            }
        }
    }

    internal int RowCount { get; }

    /// <summary>Positions of a row.</summary>
    internal int Length { get; }

    /// <summary>All rows.</summary>
    internal RowBinding All { get; } = null!;

    private int HeadBytes => Length * _headDim * _session.Type.Size();

    private long RowBytes => (long)_config.KvHeadCount * HeadBytes;

    /// <summary>One row.</summary>
    internal RowBinding Row(int row) => _rows[row] ??= Bind(row, 1);

    /// <summary>Copies the first positions of a row into a row of these or other buffers.</summary>
    internal void Copy(int from, KvBuffers target, int to, int positions)
    {
        if (_session.IsOnCard)
        {
            _session.CopyOnCard(Row(from), target.Row(to)); // whole rows, of one length
            return;
        }

        int bytes = positions * _headDim * _session.Type.Size();
        for (int index = 0; index < _buffers.Length; index++)
        {
            byte* source = (byte*)_buffers[index].Memory + (from * RowBytes), place = (byte*)target._buffers[index].Memory + (to * target.RowBytes);
            for (int head = 0; head < _config.KvHeadCount; head++)
            {
                NativeMemory.Copy(source + ((long)head * HeadBytes), place + ((long)head * target.HeadBytes), (nuint)bytes);
            }
        }
    }

    public void Dispose()
    {
        All?.Dispose();
        foreach (var row in _rows)
        {
            row?.Dispose();
        }

        _parts.ForEach(part => part.Dispose());
        foreach (var (value, memory) in _buffers)
        {
            value?.Dispose();
            _session.Free(memory);
        }
    }

    private RowBinding Bind(int first, int count)
    {
        var parts = new OrtValue[_buffers.Length];
        for (int index = 0; index < parts.Length; index++)
        {
            parts[index] = OrtValue.CreateTensorValueWithData(
                _session.MemoryInfo, (TensorElementType)(int)_session.Type, [count, _config.KvHeadCount, Length, _headDim],
                _buffers[index].Memory + (nint)(first * RowBytes), count * RowBytes);
            _parts.Add(parts[index]);
        }

        return new RowBinding(_session, parts, count);
    }
}
