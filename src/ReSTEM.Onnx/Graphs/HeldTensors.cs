using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ReSTEM.Onnx;

/// <summary>Initialisers that are in no file: held here, outside the garbage collector, for as long as a session uses them.</summary>
internal sealed unsafe class HeldTensors : IDisposable
{
    private readonly List<(string Name, nint Memory, OrtValue Value)> _tensors = [];

    /// <summary>Bytes of all of them.</summary>
    internal long ByteCount { get; private set; }

    /// <summary>Adds a tensor to a graph and returns its memory, which is to be filled before a session is made.</summary>
    internal Span<T> Add<T>(GraphBuilder graph, string name, OnnxType type, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        long count = 1;
        foreach (long extent in shape)
        {
            count = checked(count * extent);
        }

        long bytes = count * type.Size();
        graph.Held(name, type, shape, bytes);
        nint memory = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), 64);
        _tensors.Add((name, memory, OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, (TensorElementType)(int)type, shape.ToArray(), memory, bytes)));
        ByteCount += bytes;
        return new Span<T>((void*)memory, checked((int)(bytes / sizeof(T))));
    }

    /// <summary>Gives all of them to a session that is to be made.</summary>
    internal void GiveTo(SessionOptions options)
    {
        foreach (var (name, _, value) in _tensors)
        {
            options.AddInitializer(name, value);
        }
    }

    public void Dispose()
    {
        foreach (var (_, memory, value) in _tensors)
        {
            value.Dispose();
            NativeMemory.AlignedFree((void*)memory);
        }

        _tensors.Clear();
    }
}
