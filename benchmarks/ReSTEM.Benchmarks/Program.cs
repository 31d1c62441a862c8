using System.Globalization;
using ReSTEM.Benchmarks;
using ReSTEM.Numerics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["sampling", .. var which])
{
    await SamplingReport.WriteAsync(which);
    return;
}

if (args is ["models", var folder])
{
    SamplingReport.WriteModels(folder);
    return;
}

foreach (int threads in new[] { 1, 2 })
{
    using var pool = new WorkerPool(threads);
    double peak = FmaPeak.Measure(pool);
    Console.WriteLine($"{threads} threads: FMA peak {peak:F0} GFLOP/s");
    foreach (var (outDim, inDim) in MatrixBenchmark.Quickstart)
    {
        foreach (int rows in new[] { 1, 8, 64, 512, 2048 })
        {
            var result = MatrixBenchmark.Product(rows, outDim, inDim, pool);
            Console.Write($"{rows}x{outDim}x{inDim} {result.GigaflopsPerSecond:F0} ({result.GigaflopsPerSecond / peak:P0})  ");
        }
        Console.Write(" | grad ");
        foreach (int rows in new[] { 512, 2048 })
        {
            var result = MatrixBenchmark.Gradient(rows, outDim, inDim, pool);
            Console.Write($"{result.GigaflopsPerSecond / peak:P0}  ");
        }
        Console.WriteLine();
    }
    foreach (var (outDim, inDim) in MatrixBenchmark.Smol135)
    {
        foreach (int rows in outDim > 10000 ? new[] { 64, 256 } : new[] { 1, 8, 64, 512, 2048 })
        {
            var result = MatrixBenchmark.Product(rows, outDim, inDim, pool);
            Console.Write($"{rows}x{outDim}x{inDim} {result.GigaflopsPerSecond:F0} ({result.GigaflopsPerSecond / peak:P0})  ");
        }
        Console.Write(" | grad ");
        foreach (int rows in outDim > 10000 ? new[] { 128 } : new[] { 512, 2048 })
        {
            var result = MatrixBenchmark.Gradient(rows, outDim, inDim, pool);
            Console.Write($"{result.GigaflopsPerSecond / peak:P0}  ");
        }
        Console.WriteLine();
    }
}
