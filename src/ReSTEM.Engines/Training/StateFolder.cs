using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>
/// The trainer's own folder. <c>state.bin</c>: progress, weights and moments of the last committed step; <c>best-N.bin</c>: weights
/// of the best epoch so far, written before the state that names it.
/// </summary>
internal sealed class StateFolder(string folder)
{
    private string StatePath => Path.Combine(folder, "state.bin");

    private string Remedy => $"Delete the folder {folder} to start the job from its beginning.";

    /// <summary>The last committed progress, with weights and moments put into the stepper; null if there is none.</summary>
    /// <exception cref="InvalidDataException">The state is damaged or belongs to another job.</exception>
    internal TrainingProgress? Read(RunIdentity job, IStepper stepper)
    {
        if (!File.Exists(StatePath))
        {
            return null;
        }

        using var stream = SealedFile.Open(StatePath, Remedy, out byte[] header);
        var progress = Parse(header);
        string difference = RunIdentity.Of(progress.Job).Compare(job);
        if (difference.Length > 0)
        {
            throw new InvalidDataException($"{StatePath} belongs to another job: {difference}. {Remedy}");
        }

        stepper.Restore(stream, SnapshotPart.WeightsAndMoments);
        return progress with { Job = job.Parts };
    }

    internal void Write(TrainingProgress progress, IStepper stepper)
    {
        Directory.CreateDirectory(folder);
        SealedFile.Write(
            StatePath, JsonSerializer.SerializeToUtf8Bytes(progress), stream => stepper.Snapshot(stream, SnapshotPart.WeightsAndMoments));
        foreach (string other in Directory.GetFiles(folder, "best-*.bin").Where(path => path != BestPath(progress.BestEpoch)))
        {
            File.Delete(other);
        }
    }

    internal void WriteBest(int epoch, IStepper stepper)
    {
        Directory.CreateDirectory(folder);
        SealedFile.Write(BestPath(epoch), [], stream => stepper.Snapshot(stream, SnapshotPart.Weights));
    }

    /// <exception cref="InvalidDataException">The file is missing or damaged.</exception>
    internal void ReadBest(int epoch, IStepper stepper)
    {
        if (!File.Exists(BestPath(epoch)))
        {
            throw new InvalidDataException($"{BestPath(epoch)} is missing, expected the weights of epoch {epoch}. {Remedy}");
        }

        using var stream = SealedFile.Open(BestPath(epoch), Remedy, out _);
        stepper.Restore(stream, SnapshotPart.Weights);
    }

    internal void Delete()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private TrainingProgress Parse(byte[] header)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingProgress>(header)
                ?? throw new InvalidDataException($"{StatePath} has no progress. {Remedy}");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{StatePath} has an unreadable header: {fault.Message} {Remedy}", fault);
        }
    }

    private string BestPath(int epoch) => Path.Combine(folder, $"best-{epoch}.bin");
}
