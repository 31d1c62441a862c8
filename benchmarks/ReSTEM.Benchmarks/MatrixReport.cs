using ReSTEM.Numerics;

namespace ReSTEM.Benchmarks;

/// <summary>The matrix kernels at the shapes of two models.</summary>
internal static class MatrixReport
{
    private const int LargeVocabulary = 10_000;

    internal static IEnumerable<Measurement> Measure(WorkerPool pool, double peak)
    {
        foreach (var (model, shapes) in new[] { ("quickstart", MatrixBenchmark.Quickstart), ("smol135", MatrixBenchmark.Smol135) })
        {
            foreach (var (outDim, inDim) in shapes)
            {
                bool isLarge = outDim > LargeVocabulary;
                foreach (int rows in isLarge ? [64, 256] : new[] { 1, 8, 64, 512, 2048 })
                {
                    yield return Row(model, MatrixBenchmark.Product(rows, outDim, inDim, pool), peak);
                }

                foreach (int rows in isLarge ? [256] : new[] { 512, 2048 })
                {
                    yield return Row(model, MatrixBenchmark.Gradient(rows, outDim, inDim, pool), peak);
                }
            }
        }
    }

    private static Measurement Row(string model, MatrixResult result, double peak) => new(
        "matrices", $"{model}: {result.Kind}, {result.Rows} rows, {result.InDim} -> {result.OutDim}", result.Threads,
        result.GigaflopsPerSecond, "GFLOP/s", result.GigaflopsPerSecond / peak);
}
