using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ReSTEM.Onnx;

/// <summary>The graph bound to the keys and values of some rows, which it reads and writes in place.</summary>
internal sealed class RowBinding : IDisposable
{
    private readonly DecoderSession _session;
    private readonly OrtIoBinding _binding;
    private readonly int _rows;

    /// <param name="session">Of the graph.</param>
    /// <param name="parts">Keys and values of layer 0, of layer 1, ...; not owned.</param>
    /// <param name="rows">Rows in them.</param>
    internal RowBinding(DecoderSession session, IReadOnlyList<OrtValue> parts, int rows)
    {
        (_session, Parts, _rows) = (session, parts, rows);
        _binding = session.CreateBinding();
        for (int index = 0; index < parts.Count; index++)
        {
            _binding.BindInput(DecoderGraph.Past(index % 2 == 0, index / 2), parts[index]);
            _binding.BindOutput(DecoderGraph.Present(index % 2 == 0, index / 2), parts[index]);
        }
    }

    /// <summary>Keys and values of layer 0, of layer 1, ...</summary>
    internal IReadOnlyList<OrtValue> Parts { get; }

    /// <summary>Computes.</summary>
    /// <param name="inputs">Of the same rows.</param>
    /// <param name="logits">Receives the wanted rows' logits, [n, V].</param>
    internal void Run(StepInputs inputs, LogitsBuffer logits)
    {
        long length = inputs.Ids.Length / _rows;
        using var ids = OrtValue.CreateTensorValueFromMemory(inputs.Ids, [_rows, length]);
        using var positions = OrtValue.CreateTensorValueFromMemory(inputs.Positions, [_rows, length]);
        using var lengths = OrtValue.CreateTensorValueFromMemory(inputs.Lengths, [_rows]);
        using var total = OrtValue.CreateTensorValueFromMemory<int>([inputs.Lengths.Max() + 1], [1]);
        using var wanted = OrtValue.CreateTensorValueFromMemory(inputs.Wanted, [inputs.Wanted.Length]);
        using var output = logits.Rows(inputs.Wanted.Length);
        _binding.BindInput(DecoderGraph.Ids, ids);
        _binding.BindInput(DecoderGraph.Positions, positions);
        _binding.BindInput(DecoderGraph.Lengths, lengths);
        _binding.BindInput(DecoderGraph.Total, total);
        _binding.BindInput(DecoderGraph.Wanted, wanted);
        _binding.BindOutput(DecoderGraph.Logits, output);
        _session.Run(_binding);
    }

    public void Dispose() => _binding.Dispose();
}

/// <summary>What a run is told.</summary>
/// <param name="Ids">Token ids, [B, S].</param>
/// <param name="Positions">Of each, [B, S].</param>
/// <param name="Lengths">Positions of each row with those being computed, less 1, [B].</param>
/// <param name="Wanted">Numbers of the rows whose logits are wanted, in [0, B * S).</param>
internal sealed record StepInputs(long[] Ids, long[] Positions, int[] Lengths, long[] Wanted);

/// <summary>Memory for logits of some rows, in host memory.</summary>
internal sealed unsafe class LogitsBuffer(int rows, int vocabularySize) : IDisposable
{
    private readonly nint _memory = (nint)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)rows * (nuint)vocabularySize * sizeof(float), 64);

    /// <summary>The logits of a row of the last run.</summary>
    internal ReadOnlySpan<float> Row(int row) => new((float*)_memory + ((long)row * vocabularySize), vocabularySize);

    /// <summary>The first rows as a value to be written.</summary>
    internal OrtValue Rows(int count) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [count, vocabularySize], _memory, (long)count * vocabularySize * sizeof(float));

    public void Dispose() => System.Runtime.InteropServices.NativeMemory.AlignedFree((void*)_memory);
}
