namespace ReSTEM.Onnx;

/// <summary>A row of the buffers while it is in use. A prompt and one of its forks may share one: the fork's positions lie behind the prompt's.</summary>
internal sealed class KvRow(int index)
{
    /// <summary>Its place in the buffers; changes when they grow.</summary>
    internal int Index { get; set; } = index;

    /// <summary>Sequences that use it.</summary>
    internal int Users { get; set; } = 1;

    /// <summary>The fork that uses it; null for none.</summary>
    internal OnnxSequence? Fork { get; set; }

    /// <summary>Positions that are computed; what lies behind them is free.</summary>
    internal int Length { get; set; }
}
