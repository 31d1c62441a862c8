namespace ReSTEM.Benchmarks;

/// <summary>The measured trainings.</summary>
internal static class TrainingReport
{
    internal static async IAsyncEnumerable<Measurement> MeasureAsync(int threads, double peak, string model)
    {
        string parent = Directory.CreateTempSubdirectory("restem-bench-").FullName;
        try
        {
            bool isSmall = model == "quickstart";
            string folder = TrainingBenchmark.WriteModel(parent, model, isSmall ? Models.Quickstart : Models.Smol135);
            foreach (var (batch, length, steps) in isSmall ? [(8, 256, 20), (16, 56, 40)] : new[] { (8, 256, 3) })
            {
                var times = await TrainingBenchmark.RunAsync(folder, threads, batch, length, steps);
                double share = times.Flops / (threads == 1 ? times.CpuSeconds.Min() : times.StepSeconds.Min()) / 1e9 / peak;
                yield return new Measurement(
                    "training", $"{model}, {batch} sequences of {length} a step", threads, times.Tokens / times.MedianSeconds,
                    "tokens/s", share)
                {
                    PerCpuSecond = times.Tokens / times.CpuSeconds.Min(),
                };
            }
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }
}
