using ReSTEM.Core;

namespace ReSTEM.Cluster;

/// <summary>The other side of the contract: runs a job with an engine of ours.</summary>
public static class JobRunner
{
    /// <summary>Trains up to the job's epoch, or goes on from the last commit; the model and its result are there then.</summary>
    /// <param name="path">Of <c>job.json</c>.</param>
    /// <param name="engine">Trains.</param>
    /// <param name="onLine">Takes progress lines.</param>
    /// <param name="cancellationToken">Commits and stops.</param>
    /// <exception cref="InvalidDataException">The job, its data or its base model is not what it should be.</exception>
    /// <exception cref="NotSupportedException">It requires what the engine does not do.</exception>
    /// <exception cref="IOException">Another process works on it.</exception>
    public static async Task RunAsync(string path, IEngine engine, Action<string> onLine, CancellationToken cancellationToken)
    {
        JobFile file = JobFile.Read(path);
        string home = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string[] unknown = [.. file.Requires.Except(TrainerDescription.Of(engine).Honours)];
        if (unknown.Length > 0)
        {
            throw new NotSupportedException($"{path}: requires is {string.Join(", ", file.Requires)}, expected no {string.Join(", ", unknown)}: the engine {engine.Fingerprint.Name} does not honour it.");
        }

        string state = Path.GetFullPath(Path.Combine(home, file.State)), output = Path.GetFullPath(Path.Combine(home, file.Output));
        using FileStream alone = Lock(state + ".lock");
        using var sequences = new JobSequences(Path.Combine(home, file.Data.File), file.Data);
        TrainingJob job = JobOf(file, sequences, state, output, engine.Resolve(Path.Combine(home, file.Base.Folder)), path);
        var steps = new List<TrainingStep>();
        await engine.Trainer.TrainAsync(
            job,
            step =>
            {
                steps.Add(step);
                onLine(ContractJson.Line(step));
            },
            cancellationToken);
        var result = new ResultFile
        {
            Contract = file.Contract,
            Id = file.Id,
            Epoch = file.UntilEpoch,
            BaseSha256 = file.Base.Sha256,
            Files = Directory.EnumerateFiles(output).Where(name => Path.GetFileName(name) != ResultFile.Name).Order(StringComparer.Ordinal)
                .ToDictionary(name => Path.GetFileName(name), ContentDigest.OfFile),
            Steps = steps,
        };
        ContractJson.Write(Path.Combine(output, ResultFile.Name), result);
    }

    private static TrainingJob JobOf(JobFile file, JobSequences sequences, string state, string output, PolicyRef found, string path)
    {
        if (found.Sha256 != file.Base.Sha256)
        {
            throw new InvalidDataException($"{path}: base.sha256 is {file.Base.Sha256}, expected {found.Sha256}, which the weights in {found.Folder} have.");
        }

        return new TrainingJob
        {
            Base = new PolicyRef(found.Folder, found.Sha256, file.Base.Adapter is { } below ? new AdapterRef(below.Folder, below.Sha256, found.Sha256) : null),
            OutputFolder = output,
            StateFolder = state,
            Sequences = sequences,
            Loss = TrainingLoss.WeightedNll with { LabelSmoothing = file.LabelSmoothing },
            Adapter = file.Adapter is { } asked
                ? new AdapterJob(new AdapterOptions { Rank = asked.Rank, Alpha = asked.Alpha, TargetModules = asked.TargetModules }, Stream(asked.Random, path))
                : null,
            Optimizer = file.Optimizer.ToOptions(),
            CommitInterval = TimeSpan.FromSeconds(file.Optimizer.CommitSeconds),
            Epochs = file.Epochs,
            UntilEpoch = file.UntilEpoch,
            Random = Stream(file.Order.Random, path),
            Shuffle = file.Order.Shuffle,
        };
    }

    private static RandomStream Stream(string address, string path) => RandomStream.OfAddress(address)
        ?? throw new InvalidDataException($"{path}: random is '{address}', expected the address of a stream, 40 hexadecimal digits.");

    private static FileStream Lock(string path)
    {
        NewFolder.Create(Path.GetDirectoryName(path)!);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (fault is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new IOException($"{path} is held by another process, expected one trainer at a time; wait until it has ended, or end it.", fault);
        }
    }
}
