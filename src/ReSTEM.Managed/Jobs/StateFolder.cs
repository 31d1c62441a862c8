using System.Text.Json;
using ReSTEM.Numerics;

namespace ReSTEM.Managed;

/// <summary>
/// The trainer's own folder. <c>state.bin</c>: progress, weights and moments of the last committed step; <c>best-N.bin</c>: weights
/// of the best epoch so far, written before the state that names it.
/// </summary>
internal sealed class StateFolder(string folder)
{
    private string StatePath => Path.Combine(folder, "state.bin");

    private string Remedy => $"Delete the folder {folder} to start the job from its beginning.";

    /// <summary>The last committed progress, with weights and moments put into the buffers; null if there is none.</summary>
    /// <exception cref="InvalidDataException">The state is damaged or belongs to another job.</exception>
    internal TrainingProgress? Read(
        IReadOnlyDictionary<string, string> job, FloatBuffer values, FloatBuffer firstMoment, FloatBuffer secondMoment)
    {
        if (!File.Exists(StatePath))
        {
            return null;
        }

        var progress = Parse(SealedFile.Read(StatePath, Remedy));
        string difference = JobFingerprint.Difference(progress.Job, job);
        if (difference.Length > 0)
        {
            throw new InvalidDataException($"{StatePath} belongs to another job: {difference}. {Remedy}");
        }

        SealedFile.Read(StatePath, Remedy, values, firstMoment, secondMoment);
        return progress;
    }

    internal void Write(TrainingProgress progress, FloatBuffer values, FloatBuffer firstMoment, FloatBuffer secondMoment)
    {
        Directory.CreateDirectory(folder);
        SealedFile.Write(StatePath, JsonSerializer.SerializeToUtf8Bytes(progress), values, firstMoment, secondMoment);
        foreach (string other in Directory.GetFiles(folder, "best-*.bin").Where(path => path != BestPath(progress.BestEpoch)))
        {
            File.Delete(other);
        }
    }

    internal void WriteBest(int epoch, FloatBuffer values)
    {
        Directory.CreateDirectory(folder);
        SealedFile.Write(BestPath(epoch), [], values);
    }

    /// <exception cref="InvalidDataException">The file is missing or damaged.</exception>
    internal void ReadBest(int epoch, FloatBuffer values)
    {
        if (!File.Exists(BestPath(epoch)))
        {
            throw new InvalidDataException($"{BestPath(epoch)} is missing, expected the weights of epoch {epoch}. {Remedy}");
        }

        SealedFile.Read(BestPath(epoch), Remedy, values);
    }

    /// <summary>An empty place for a candidate checkpoint.</summary>
    internal string CandidateFolder(int epoch)
    {
        Directory.CreateDirectory(folder);
        string candidate = Path.Combine(folder, $"candidate-{epoch}");
        if (Directory.Exists(candidate))
        {
            Directory.Delete(candidate, recursive: true); // left behind by a crash
        }

        return candidate;
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
