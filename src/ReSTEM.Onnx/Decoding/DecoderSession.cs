using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ReSTEM.Models;

namespace ReSTEM.Onnx;

/// <summary>The decoder's graph, laid out by the library on a device; shared by all decoders of a model.</summary>
internal sealed unsafe class DecoderSession : IDisposable
{
    private readonly HeldTensors _held = new();
    private readonly RunOptions _run = new();
    private readonly InferenceSession _session;
    private readonly OrtAllocator? _card;
    private readonly CardCopy? _copy;

    internal DecoderSession(GraphSource source, OnnxDevice device)
    {
        (Config, Type) = (source.Weights.Config, source.Type);
        bool isWhole = false;
        try
        {
            byte[] graph = DecoderGraph.Write(source, _held);
            using var options = device.Options();
            _held.GiveTo(options);
            _session = new InferenceSession(graph, options);
            MemoryInfo = device.MemoryInfo();
            if (device.IsCard)
            {
                (_card, _copy) = (new OrtAllocator(_session, MemoryInfo), new CardCopy(device, Type));
            }

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

    internal ModelConfig Config { get; }

    /// <summary>Of activations, keys and values.</summary>
    internal OnnxType Type { get; }

    internal OrtMemoryInfo MemoryInfo { get; } = null!;

    internal bool IsOnCard => _card is not null;

    internal OrtIoBinding CreateBinding() => _session.CreateIoBinding();

    internal void Run(OrtIoBinding binding) => _session.RunWithBinding(_run, binding);

    /// <summary>Memory for keys or values; on a processor zeros that take no memory before they are written.</summary>
    internal (OrtValue Value, nint Memory) Allocate(long[] shape)
    {
        if (_card is { } allocator)
        {
            var value = OrtValue.CreateAllocatedTensorValue(allocator, (TensorElementType)(int)Type, shape);
            return (value, CardAddress(value));
        }

        long bytes = shape.Aggregate(1L, static (product, extent) => product * extent) * Type.Size();
        nint memory = (nint)NativeMemory.AllocZeroed((nuint)bytes);
        return (OrtValue.CreateTensorValueWithData(MemoryInfo, (TensorElementType)(int)Type, shape, memory, bytes), memory);
    }

    /// <summary>Ends what <see cref="Allocate"/> began; the library frees a card's memory with its value.</summary>
    internal void Free(nint memory)
    {
        if (!IsOnCard)
        {
            NativeMemory.Free((void*)memory);
        }
    }

    internal void CopyOnCard(RowBinding from, RowBinding to) => _copy!.Copy(from.Parts, to.Parts);

    public void Dispose()
    {
        _copy?.Dispose();
        _card?.Dispose();
        _session?.Dispose();
        _run.Dispose();
        _held.Dispose();
    }

    /// <summary>The span is never read: the memory is not the processor's.</summary>
    private static nint CardAddress(OrtValue value)
    {
        fixed (byte* address = value.GetTensorMutableRawData())
        {
            return (nint)address;
        }
    }
}
