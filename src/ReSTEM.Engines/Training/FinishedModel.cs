using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>
/// A finished job's output folder. Its <c>training.json</c> names the job, so that asking for the same job again gives the same answer.
/// </summary>
public static class FinishedModel
{
    private const string RecordName = "training.json";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>The record of the same job in its output folder; null if the job has not finished.</summary>
    /// <param name="job">The job.</param>
    /// <param name="identity">What its bits depend on.</param>
    /// <param name="hashOf">Gives the SHA-256 of the weights in a folder.</param>
    /// <exception cref="InvalidDataException">The folder holds another job's model, or is damaged.</exception>
    public static TrainingRecord? Read(TrainingJob job, RunIdentity identity, Func<string, string> hashOf)
    {
        string path = Path.Combine(job.OutputFolder, RecordName);
        if (!File.Exists(path))
        {
            return null;
        }

        var record = Parse(path);
        string difference = RunIdentity.Of(record.Job).Compare(identity);
        if (difference.Length > 0)
        {
            throw new InvalidDataException(
                $"{job.OutputFolder} holds the model of another job: {difference}. Delete it or choose another output folder.");
        }

        int last = job.UntilEpoch ?? job.Epochs;
        if (job.Validate is null && record.Result.ChosenEpoch != last)
        {
            throw new InvalidDataException($"{job.OutputFolder} holds the model of epoch {record.Result.ChosenEpoch}, expected {last}. Delete it or choose another output folder.");
        }

        string actual = hashOf(job.OutputFolder);
        return actual == record.Result.WeightsSha256 ? record : throw new InvalidDataException(
            $"The SHA-256 of the weights in {job.OutputFolder} is {actual}, expected {record.Result.WeightsSha256}. Delete the folder to train again.");
    }

    /// <summary>Refuses an output folder that has something else in it, before any work is done.</summary>
    /// <exception cref="IOException">The folder is not empty.</exception>
    public static void ThrowIfOccupied(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new IOException($"{folder} is not empty, expected a new or empty output folder.");
        }
    }

    /// <summary>Writes the model whole or not at all: it gets its name when everything is in it.</summary>
    internal static TrainingRecord Write(
        TrainingJob job, TrainingProgress progress, IStepper stepper, Func<string, TrainingResult> result)
    {
        ThrowIfOccupied(job.OutputFolder);
        return NewFolder.Write(job.OutputFolder, partial =>
        {
            Directory.Delete(partial);
            string hash = stepper.Export(partial);
            var record = new TrainingRecord(progress.Job, result(hash), progress.Steps);
            Write(partial, record);
            return record;
        });
    }

    /// <summary>Writes the record of a job into the folder of its model.</summary>
    public static void Write(string folder, TrainingRecord record) =>
        AtomicFile.Write(Path.Combine(folder, RecordName), stream => stream.Write(JsonSerializer.SerializeToUtf8Bytes(record, Readable)));

    private static TrainingRecord Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingRecord>(File.ReadAllBytes(path))
                ?? throw new InvalidDataException($"{path} is empty, expected the record of a job.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} is not the record of a job: {fault.Message}", fault);
        }
    }
}
