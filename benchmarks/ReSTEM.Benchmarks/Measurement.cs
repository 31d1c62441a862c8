namespace ReSTEM.Benchmarks;

/// <summary>One measured number.</summary>
/// <param name="Area">Which part of the product.</param>
/// <param name="What">Model, shape and manner.</param>
/// <param name="Threads">Threads of our own.</param>
/// <param name="Value">In units of <paramref name="Unit"/>.</param>
/// <param name="Unit">For example tokens/s.</param>
/// <param name="ShareOfPeak">Of the multiply-adds that the machine does when nothing has to be loaded, in [0, 1]; null where there is none.</param>
internal sealed record Measurement(string Area, string What, int Threads, double Value, string Unit, double? ShareOfPeak)
{
    /// <summary>The same per second of processor time of all threads together, steadier on a busy machine; null where it was not taken.</summary>
    public double? PerCpuSecond { get; init; }
}
