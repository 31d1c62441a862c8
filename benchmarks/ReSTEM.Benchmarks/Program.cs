using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using ReSTEM.Benchmarks;
using ReSTEM.Numerics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    return await RunAsync(args);
}
catch (Exception fault) when (fault is IOException or InvalidOperationException or FormatException or JsonException or Win32Exception or InvalidDataException or ArgumentException)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return 1;
}

static async Task<int> RunAsync(string[] args)
{
    switch (args)
    {
        case ["throughput", var folder, .. var areas]:
            await MeasureAllAsync(folder, areas);
            return 0;
        case ["models", var folder]: // for other engines to run the same shapes
            TrainingBenchmark.WriteModel(folder, "quickstart", Models.Quickstart);
            TrainingBenchmark.WriteModel(folder, "smol135", Models.Smol135);
            return 0;
        case ["train", var model, var threads, var batch, var length, var steps]:
            var times = await TrainingBenchmark.RunAsync(
                model, Number(threads), Number(batch), Number(length), Number(steps));
            Console.WriteLine(JsonSerializer.Serialize(times));
            return 0;
        case ["sample", var model, var threads, var problems, var samples, var prompt, var length, var runs]:
            Console.WriteLine(await SamplingReport.MeasureOneAsync(
                model, Number(threads), Number(problems), Number(samples), Number(prompt), Number(length), Number(runs)));
            return 0;
        case ["engine", var work, var name, var dtype, var model, var threads, .. var written] when written.Length < 2:
            Console.WriteLine(await EngineBenchmark.RunAsync(work, name, dtype, model, Number(threads), written.FirstOrDefault()));
            return 0;
        case ["engines", var folder, .. var names]:
            EngineBenchmark.WriteReport(folder, names.Length == 0 ? ["quickstart", "smol135"] : names);
            return 0;
        case ["formats", var folder, .. var names]:
            FormatReport.Write(folder, names.Length == 0 ? ["quickstart", "smol135"] : names);
            return 0;
        case ["peer", var script, var folder, .. var names]:
            PeerBenchmark.WriteReport(script, folder, names.Length == 0 ? ["tiny", "stories15m", "smol135"] : names);
            return 0;
        case ["memory", var folder, .. var names]:
            MemoryBenchmark.WriteReport(folder, names.Length == 0 ? ["smol135", "qwen05"] : names);
            return 0;
        case ["memory-of", var model, var work]:
            await MemoryBenchmark.RunAsync(model, work);
            return 0;
        case ["attention", var folder]:
            AttentionBenchmark.WriteReport(folder);
            return 0;
        case ["growth", var folder]:
            GrowthBenchmark.WriteReport(folder);
            return 0;
        case ["growth-of", var dtype, var work]:
            Console.WriteLine(await GrowthBenchmark.MeasureAsync(dtype, work));
            return 0;
        case ["packing", .. var names]:
            PackingBenchmark.Run(names.Length == 0 ? ["quickstart", "smol135"] : names, Console.Out);
            return 0;
        case ["ledger", var batch]:
            LedgerBenchmark.Run(Number(batch));
            return 0;
        case ["cost", var folder, var inputs]:
            CostReport.Write(folder, inputs);
            return 0;
        case ["large", var folder, .. var sizes]:
            LedgerSize.WriteReport(folder, sizes.Length == 0 ? [100_000, 1_000_000] : [.. sizes.Select(Number)]);
            return 0;
        case ["resume", var samples]:
            LedgerSize.Resume(Number(samples));
            return 0;
        case ["large-part", var folder, var part, var samples]:
            await LedgerSize.RunAsync(folder, part, Number(samples));
            return 0;
        case ["report", var samples]:
            await ReportBenchmark.RunAsync(Number(samples));
            return 0;
        case ["tokenizers", var data]:
            TokenizerBenchmark.Run(data, Console.Out);
            return 0;
        default:
            Console.Error.WriteLine(
                """
                usage: throughput RESULTS_FOLDER [matrices] [sampling] [training] [quickstart] [smol135]
                       models FOLDER
                       peer PEER_SCRIPT RESULTS_FOLDER [quickstart] [tiny] [stories15m] [smol135] [qwen05] [MODEL/sample|long|train[/THREADS]]...
                       memory RESULTS_FOLDER [quickstart] [smol135] [qwen05]
                       train MODEL_FOLDER THREADS BATCH LENGTH STEPS
                       sample quickstart|smol135 THREADS PROBLEMS SAMPLES_EACH PROMPT_LENGTH COMPLETION_LENGTH RUNS
                       engine sample|long|train ENGINE DTYPE quickstart|tiny|stories15m|smol135|qwen05 THREADS [MODEL_FOLDER]
                       engines RESULTS_FOLDER [quickstart] [smol135] [qwen05]
                       bfloat16 RESULTS_FOLDER [quickstart] [smol135] [qwen05]
                       attention RESULTS_FOLDER
                       growth RESULTS_FOLDER
                       packing [quickstart] [smol135] [qwen05]
                       ledger SAMPLES_A_TRANSACTION
                       large RESULTS_FOLDER [SAMPLES]...
                       resume SAMPLES
                       cost RESULTS_FOLDER INPUTS.json
                       report SAMPLES
                       tokenizers DATA_FOLDER
                """);
            return 2;
    }
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static async Task MeasureAllAsync(string folder, string[] areas)
{
    string[] models = [.. new[] { "quickstart", "smol135" }.Where(model => Wanted(model, "quickstart", "smol135"))];
    var all = new List<Measurement>();
    foreach (int threads in new[] { 1, Environment.ProcessorCount }.Distinct())
    {
        using var pool = new WorkerPool(threads);
        double peak = FmaPeak.Measure(pool);
        Add(new Measurement("machine", "multiply-adds in registers", threads, peak, "GFLOP/s", 1));
        foreach (var row in Wanted("matrices", "matrices", "sampling", "training") ? MatrixReport.Measure(pool, peak) : [])
        {
            Add(row);
        }

        foreach (string model in models)
        {
            await AddAsync("sampling", SamplingReport.MeasureAsync(threads, peak, model));
            await AddAsync("training", TrainingReport.MeasureAsync(threads, peak, model));
        }
    }

    ResultFile.Write(folder, all);

    bool Wanted(string name, params string[] ofKind) => areas.Contains(name) || !ofKind.Any(areas.Contains);

    async Task AddAsync(string area, IAsyncEnumerable<Measurement> rows)
    {
        if (!Wanted(area, "matrices", "sampling", "training"))
        {
            return;
        }

        await foreach (var row in rows)
        {
            Add(row);
        }
    }

    void Add(Measurement row)
    {
        all.Add(row);
        Console.WriteLine($"{row.Area}, {row.What}, {row.Threads} threads: {row.Value:F0} {row.Unit} ({row.ShareOfPeak:P0} of peak)");
    }
}
