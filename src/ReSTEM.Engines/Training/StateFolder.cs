using System.Text;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Engines;

/// <summary>
/// The trainer's own folder. <c>state.bin</c>: how far the job is, and of which step the snapshot is. <c>weights-N.bin</c> and
/// <c>moments-N.bin</c>: the snapshot after step N. The weights of the best epoch so far stay until a better one is committed.
/// A part is written once, and before the state that names it.
/// </summary>
internal sealed class StateFolder(string folder)
{
    private int _snapshot; // step of the last snapshot on disk; 0 for none
    private int _weights; // step whose weights were written last

    private string StatePath => Path.Combine(folder, "state.bin");

    private string Remedy => $"Delete the folder {folder} to start the job from its beginning.";

    /// <summary>The last committed progress, with weights and moments put into the stepper; null if there is none.</summary>
    /// <param name="identity">Must be the one that was written.</param>
    /// <param name="job">A state that knows more measures than it allows is given up.</param>
    /// <param name="lastStep">So is one with more steps.</param>
    /// <param name="stepper">Of the job.</param>
    /// <exception cref="InvalidDataException">The state is damaged or belongs to another job.</exception>
    internal TrainingProgress? Read(RunIdentity identity, TrainingJob job, int lastStep, IStepper stepper)
    {
        if (!File.Exists(StatePath))
        {
            Delete(); // parts without a state that names them are of no use
            return null;
        }

        using var stream = SealedFile.Open(StatePath, Remedy, out byte[] header);
        var progress = Parse(header);
        string difference = RunIdentity.Of(progress.Job).Compare(identity);
        if (difference.Length > 0)
        {
            throw new InvalidDataException($"{StatePath} belongs to another job: {difference}. {Remedy}");
        }

        if (progress.Measures.Count > job.MeasuredEpochs || progress.Steps.Count > lastStep)
        {
            Delete();
            return null;
        }

        _snapshot = _weights = progress.Steps.Count;
        if (_snapshot > 0)
        {
            Restore(SnapshotPart.Weights, _snapshot, stepper);
            Restore(SnapshotPart.Moments, _snapshot, stepper);
        }

        return progress with { Job = identity.Parts };
    }

    /// <summary>Commits all that was done.</summary>
    /// <param name="progress">How far the job is.</param>
    /// <param name="bestStep">Last step of the best epoch so far, whose weights are there; 0 for none.</param>
    /// <param name="stepper">Has done the steps of the progress.</param>
    internal void Write(TrainingProgress progress, int bestStep, IStepper stepper)
    {
        int step = progress.Steps.Count;
        if (step > _snapshot)
        {
            WriteWeights(step, stepper);
            Snapshot(SnapshotPart.Moments, step, stepper);
        }

        _snapshot = step;
        WriteProgress(progress);
        string[] needed = [PathOf(SnapshotPart.Weights, step), PathOf(SnapshotPart.Moments, step), PathOf(SnapshotPart.Weights, bestStep)];
        foreach (string other in Directory.GetFiles(folder, "*-*.bin").Except(needed))
        {
            File.Delete(other);
        }
    }

    /// <summary>Commits measures alone; the steps since the last snapshot are done again after a crash.</summary>
    internal void WriteMeasures(TrainingProgress progress) => WriteProgress(progress.UpTo(_snapshot));

    /// <summary>Makes sure that the weights of the step just done can be come back to.</summary>
    internal void WriteWeights(int step, IStepper stepper)
    {
        if (step != _weights)
        {
            Snapshot(SnapshotPart.Weights, step, stepper);
            _weights = step;
        }
    }

    /// <exception cref="InvalidDataException">The file is missing or damaged.</exception>
    internal void ReadWeights(int step, IStepper stepper) => Restore(SnapshotPart.Weights, step, stepper);

    internal void Delete() => NewFolder.Delete(folder);

    private void WriteProgress(TrainingProgress progress)
    {
        NewFolder.Create(folder);
        SealedFile.Write(StatePath, JsonSerializer.SerializeToUtf8Bytes(progress), _ => { });
    }

    private void Snapshot(SnapshotPart part, int step, IStepper stepper)
    {
        NewFolder.Create(folder);
        SealedFile.Write(PathOf(part, step), NameOf(part, step), stream => stepper.Snapshot(stream, part));
    }

    private void Restore(SnapshotPart part, int step, IStepper stepper)
    {
        string path = PathOf(part, step);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is missing, expected the {part.ToString().ToLowerInvariant()} after step {step}. {Remedy}");
        }

        using var stream = SealedFile.Open(path, Remedy, out byte[] name);
        if (!name.AsSpan().SequenceEqual(NameOf(part, step)))
        {
            throw new InvalidDataException($"{path} holds {Encoding.UTF8.GetString(name)}, expected {Encoding.UTF8.GetString(NameOf(part, step))}. {Remedy}");
        }

        stepper.Restore(stream, part);
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

    private static byte[] NameOf(SnapshotPart part, int step) => Encoding.UTF8.GetBytes(FormattableString.Invariant($"{part} {step}"));

    private string PathOf(SnapshotPart part, int step) =>
        Path.Combine(folder, FormattableString.Invariant($"{part.ToString().ToLowerInvariant()}-{step}.bin"));
}
