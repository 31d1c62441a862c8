using System.Diagnostics;
using System.Globalization;
using ReSTEM.Core;
using ReSTEM.Managed;

namespace ReSTEM.Benchmarks;

/// <summary>Seconds from a model's folder to a policy that can draw, the file being in the system's memory.</summary>
internal static class PackingBenchmark
{
    private const int Runs = 3;

    internal static void Run(string[] models, TextWriter output)
    {
        foreach (string model in models)
        {
            string parent = Directory.CreateTempSubdirectory("restem-packing-").FullName;
            string folder = TrainingBenchmark.WriteModel(parent, model, Models.Of(model));
            foreach (var dtype in new[] { EngineDtype.Float32, EngineDtype.Bfloat16 })
            {
                var engine = new ManagedEngine(new EngineOptions { Dtype = dtype, Threads = 1 });
                var policy = engine.Resolve(folder);
                double best = double.PositiveInfinity, bestCpu = double.PositiveInfinity;
                for (int run = 0; run < Runs; run++)
                {
                    long start = Stopwatch.GetTimestamp();
                    TimeSpan cpu = Environment.CpuUsage.TotalTime;
                    using (engine.Open(policy))
                    {
                        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
                        bestCpu = Math.Min(bestCpu, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
                    }

                    GC.Collect();
                }

                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model}, {dtype.ToString().ToLowerInvariant()}: {best:F2} s, {bestCpu:F2} s of processor time"));
            }

            Directory.Delete(parent, recursive: true);
        }
    }
}
