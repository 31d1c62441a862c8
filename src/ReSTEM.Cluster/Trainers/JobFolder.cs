using System.Globalization;
using System.Text.Json;
using ReSTEM.Core;
using ReSTEM.Engines;

namespace ReSTEM.Cluster;

/// <summary>
/// The folder in which a run and a trainer meet: <c>data.jsonl</c> and <c>order.jsonl</c>, the trainer's <c>state</c>, and for each epoch that is
/// asked for a folder with <c>job.json</c> and, when it is done, the model in <c>policy</c>.
/// </summary>
internal sealed class JobFolder(string folder)
{
    private const string DataName = "data.jsonl";
    private const string OrderName = "order.jsonl";

    /// <summary>What the trainer says on standard error; it stays when the folder goes.</summary>
    internal string Log => folder + ".log";

    /// <summary>Which process trains.</summary>
    internal string Claim => Path.Combine(folder, "trainer.pid");

    /// <summary>Folder of an epoch.</summary>
    internal string Epoch(int epoch) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D3}"));

    /// <summary>Where its job is.</summary>
    internal string Job(int epoch) => Path.Combine(Epoch(epoch), JobFile.Name);

    /// <summary>Where its model is.</summary>
    internal string Model(int epoch) => Path.Combine(Epoch(epoch), "policy");

    /// <summary>Writes data and order; gives the job up to its last epoch.</summary>
    internal JobFile Write(TrainingJob job, RunIdentity identity)
    {
        NewFolder.Create(folder);
        var plan = new TrainingPlan(job);
        long tokens = 0;
        WriteLines(DataName, job.Sequences, (json, sequence) =>
        {
            tokens += sequence.TokenIds.Count;
            json.WriteStartObject();
            json.WriteStartArray("ids");
            foreach (int id in sequence.TokenIds)
            {
                json.WriteNumberValue(id);
            }

            json.WriteEndArray();
            json.WriteNumber("prompt_length", sequence.PromptLength);
            json.WriteNumber("weight", sequence.Weight);
            json.WriteEndObject();
        });
        WriteLines(OrderName, Enumerable.Range(1, job.Epochs).Select(plan.Order), (json, order) =>
        {
            json.WriteStartArray();
            foreach (int index in order)
            {
                json.WriteNumberValue(index);
            }

            json.WriteEndArray();
        });
        return new JobFile
        {
            Contract = JobFile.CurrentContract,
            Id = identity.Digest,
            Base = ModelOf(job.Base),
            Data = new JobData(Above(DataName), ContentDigest.OfFile(Path.Combine(folder, DataName)), job.Sequences.Count, tokens),
            Order = new JobOrder(Above(OrderName), ContentDigest.OfFile(Path.Combine(folder, OrderName)), job.Random.Address, job.Shuffle),
            LabelSmoothing = job.Loss.LabelSmoothing,
            Adapter = job.Adapter is { } adapter
                ? new JobAdapter(adapter.Options.Rank, adapter.Options.EffectiveAlpha, adapter.Options.TargetModules, adapter.Random.Address)
                : null,
            Optimizer = JobOptimizer.Of(job.Optimizer, plan.StepCount),
            Epochs = job.Epochs,
            UntilEpoch = job.Epochs,
            StepCount = plan.StepCount,
            Requires =
            [
                .. job.Loss.LabelSmoothing > 0 ? [TrainerDescription.LabelSmoothing] : (string[])[],
                .. job.Adapter is null ? (string[])[] : [TrainerDescription.Adapter],
            ],
            State = Above("state"),
            Output = "policy",
        };
    }

    private static string Above(string name) => "../" + name;

    private static JobModel ModelOf(PolicyRef policy) => new(
        Path.GetFullPath(policy.Folder), policy.Sha256,
        Directory.EnumerateFiles(policy.Folder).Order(StringComparer.Ordinal)
            .Where(file => Path.GetExtension(file) is ".json" or ".safetensors" or ".model" or ".txt" or ".jinja")
            .ToDictionary(file => Path.GetFileName(file), ContentDigest.OfFile),
        policy.Adapter is { } adapter ? new JobBaseAdapter(Path.GetFullPath(adapter.Folder), adapter.Sha256) : null);

    private void WriteLines<T>(string name, IEnumerable<T> rows, Action<Utf8JsonWriter, T> write) => AtomicFile.Write(Path.Combine(folder, name), stream =>
    {
        using var json = new Utf8JsonWriter(stream);
        foreach (T row in rows)
        {
            write(json, row);
            json.Flush();
            stream.Write("\n"u8);
            json.Reset();
        }
    });
}
