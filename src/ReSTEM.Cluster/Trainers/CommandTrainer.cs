using System.Text;
using ReSTEM.Core;
using ReSTEM.Engines;
using ReSTEM.Models;

namespace ReSTEM.Cluster;

/// <summary>
/// Trains by another program. Where epochs are measured, it is asked for one epoch after the other, and goes on from its own state; what it gives
/// is measured as it lies on disk. The choice of the epoch, patience and the record are those of every trainer.
/// </summary>
/// <param name="command">The program.</param>
/// <param name="description">What it said of itself.</param>
/// <param name="open">Opens what it trained.</param>
public sealed class CommandTrainer(TrainerCommand command, TrainerDescription description, Func<PolicyRef, IPolicy> open) : ITrainer
{
    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The job's file cannot say what is minimised.</exception>
    /// <exception cref="EngineException">The program does not start, or fails; the message has its last lines.</exception>
    public async Task<TrainingResult> TrainAsync(TrainingJob job, Action<TrainingStep> onStep, CancellationToken cancellationToken)
    {
        JobLimits.ThrowUnlessValid(job);
        if (job.Mixup is { Options.Mu: > 0 } || job.Loss.Normalisation != LossNormalisation.WeightedTokens || job.Sequences.Any(sequence => sequence.Continues))
        {
            throw new NotSupportedException("the job mixes sequences, has soft targets or is a mean over sequences, expected a weighted mean over tokens: m_step.trainer's job can say nothing else.");
        }

        RunIdentity identity = JobIdentity.Of(job, description.Fingerprint);
        if (FinishedModel.Read(job, identity, PolicyFolder.WeightsSha256) is { } finished)
        {
            foreach (TrainingStep step in finished.Steps)
            {
                onStep(step);
            }

            NewFolder.Delete(job.StateFolder);
            return finished.Result;
        }

        FinishedModel.ThrowIfOccupied(job.OutputFolder);
        var folder = new JobFolder(job.StateFolder);
        JobFile file = folder.Write(job, identity);
        var course = new Course(job, file, folder, onStep);
        int chosen = await RunEpochsAsync(course, cancellationToken);
        return course.Finish(identity, chosen);
    }

    /// <returns>The epoch whose weights are kept.</returns>
    private async Task<int> RunEpochsAsync(Course course, CancellationToken cancellationToken)
    {
        TrainingJob job = course.Job;
        if (job.Validate is null)
        {
            await RunAsync(course, job.Epochs, cancellationToken);
            return job.Epochs;
        }

        int best = 0;
        for (int epoch = 1; epoch <= job.Epochs && !(job.Patience > 0 && best > 0 && epoch - 1 - best >= job.Patience); epoch++)
        {
            await RunAsync(course, epoch, cancellationToken);
            double measure = await job.Validate(course.Candidate(epoch, open), cancellationToken);
            course.Measures.Add(double.IsFinite(measure) ? measure
                : throw new InvalidOperationException($"The validation measure of epoch {epoch} is {measure}, expected a finite number."));
            best = best == 0 || measure > course.Measures[best - 1] ? epoch : best;
        }

        return best;
    }

    /// <summary>Has the program train up to an epoch, unless that is there already.</summary>
    private async Task RunAsync(Course course, int epoch, CancellationToken cancellationToken)
    {
        JobFolder folder = course.Folder;
        JobFile file = course.File with { UntilEpoch = epoch };
        cancellationToken.ThrowIfCancellationRequested();
        if (!File.Exists(Path.Combine(folder.Model(epoch), ResultFile.Name)))
        {
            NewFolder.Create(folder.Epoch(epoch));
            file.Write(folder.Job(epoch));
            await using var log = new StreamWriter(folder.Log, append: true, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
            await new TrainerProcess(command).RunAsync(
                folder.Job(epoch), course.Told, line => log.WriteLine(line), new TrainerClaim(folder.Claim), cancellationToken);
        }

        course.Accept(ResultFile.Read(folder.Model(epoch), file), epoch);
    }

    /// <summary>One job on its way.</summary>
    private sealed class Course(TrainingJob job, JobFile file, JobFolder folder, Action<TrainingStep> onStep)
    {
        private const string TokenizerName = "tokenizer.json";

        private readonly List<TrainingStep> _told = [];

        internal TrainingJob Job => job;

        internal JobFile File => file;

        internal JobFolder Folder => folder;

        internal List<double> Measures { get; } = [];

        /// <summary>Passes a progress line on; steps that were told before are told again by a trainer that goes on.</summary>
        /// <exception cref="InvalidDataException">The line begins as JSON and is no step.</exception>
        internal void Told(string line)
        {
            if (line.StartsWith('{') && ContractJson.Parse<TrainingStep>(line, $"the line '{line}' of m_step.trainer", "a training step") is var step && step.Step == _told.Count + 1)
            {
                _told.Add(step);
                onStep(step);
            }
        }

        /// <summary>Takes a result over: all steps are told then, and the model is one of the base's kind.</summary>
        /// <exception cref="InvalidDataException">What was told differs, or the model is another.</exception>
        internal void Accept(ResultFile result, int epoch)
        {
            foreach (TrainingStep step in result.Steps)
            {
                if (step.Step > _told.Count)
                {
                    _told.Add(step);
                    onStep(step);
                }
                else if (_told[step.Step - 1] != step)
                {
                    throw new InvalidDataException(
                        $"{Path.Combine(folder.Model(epoch), ResultFile.Name)} is refused: step {step.Step} has loss {step.Loss:R}, expected {_told[step.Step - 1].Loss:R}, as it was told before. Delete {job.StateFolder} to have it trained again.");
                }
            }

            ThrowUnlessOfBase(folder.Model(epoch), result);
        }

        internal TrainingCandidate Candidate(int epoch, Func<PolicyRef, IPolicy> open) =>
            new(epoch, _told.Count, () => open(Trained(folder.Model(epoch))));

        /// <summary>Gives the chosen model its place, with the record of the job; all else is deleted.</summary>
        internal TrainingResult Finish(RunIdentity identity, int chosen)
        {
            string model = folder.Model(chosen);
            var result = new TrainingResult(
                _told.Count, chosen, Measures, _told.Sum(step => (long)step.Tokens), _told[^1].Loss, PolicyFolder.WeightsSha256(model));
            FinishedModel.Write(model, new TrainingRecord(identity.Parts, result, [.. _told]));
            NewFolder.Publish(model, job.OutputFolder);
            NewFolder.Delete(job.StateFolder);
            return result;
        }

        private PolicyRef Trained(string model)
        {
            string sha256 = PolicyFolder.WeightsSha256(model);
            return job.Adapter is null
                ? new PolicyRef(model, sha256)
                : new PolicyRef(job.Base.Folder, job.Base.Sha256, new AdapterRef(model, sha256, job.Base.Sha256, job.Adapter.Options.Merged));
        }

        private void ThrowUnlessOfBase(string model, ResultFile result)
        {
            var config = ModelConfigReader.Read(job.Base.Folder);
            if (job.Adapter is null)
            {
                ModelFolder.ThrowUnlessFitting(model, config);
                ModelFolder.Open(model).Dispose();
                Require("config.json");
                string tokenizer = file.Base.Files.GetValueOrDefault(TokenizerName, "");
                if (tokenizer.Length > 0 && Require(TokenizerName) != tokenizer)
                {
                    throw new InvalidDataException($"{model} is refused: {TokenizerName} has SHA-256 {result.Files[TokenizerName]}, expected {tokenizer}, the base model's. Delete {model} to have it trained again.");
                }
            }
            else
            {
                AdapterFolder.Read(model, config);
            }

            string Require(string name) => result.Files.GetValueOrDefault(name)
                ?? throw new InvalidDataException($"{Path.Combine(model, ResultFile.Name)} is refused: files has no {name}, expected all files of the model. Delete {model} to have it trained again.");
        }
    }
}
