using System.Globalization;
using System.Text.Json;
using ReSTEM.Core;

namespace ReSTEM.Tests;

/// <summary>
/// Moves the skill of a kind towards what its right sequences show, and away for wrong ones. Commits its state after every step,
/// so that it can be stopped and started anywhere, and keeps the epoch with the best measure, as the port demands. An effect below 0
/// moves the skills the other way: training that does harm.
/// </summary>
internal sealed class FakeTrainer(
    Action<TrainingJob> onJob, Action onStep, Action<SampleRequest> onSample, int slots, Func<TrainingJob, double>? effect = null) : ITrainer
{
    private const string StateName = "state.json";

    public async Task<TrainingResult> TrainAsync(TrainingJob job, Action<TrainingStep> told, CancellationToken cancellationToken)
    {
        onJob(job with { Sequences = [.. job.Sequences] }); // they are gone when the job is done
        FakeWeights start = FakeWeights.Load(job.Base.Folder);
        Directory.CreateDirectory(job.StateFolder);
        State state = ReadState(job) ?? new State(0, start.ToString(), [], "", 0, 0, []);
        int batches = (job.Sequences.Count + job.Optimizer.BatchSequences - 1) / job.Optimizer.BatchSequences;
        foreach (TrainingStep done in state.Told)
        {
            told(done);
        }

        int first = job.Validate is null ? (state.Step / batches) + 1 : state.Measures.Length + 1;
        for (int epoch = first; epoch <= job.Epochs; epoch++)
        {
            var order = Enumerable.Range(0, job.Sequences.Count)
                .OrderBy(i => job.Random.Block((uint)((epoch * 100_000) + i)).X0).ToArray();
            foreach (int[] batch in order.Chunk(job.Optimizer.BatchSequences).Skip(state.Step - ((epoch - 1) * batches)))
            {
                state = Step(job, state, start, batch, epoch, batches, told);
                WriteState(job, state);
                onStep();
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (job.Validate is { } validate && state.Measures.Length < epoch)
            {
                var weights = FakeWeights.Parse(state.Weights);
                double measure = await validate(
                    new TrainingCandidate(epoch, state.Step, () => new FakePolicy(weights, onSample, slots)), cancellationToken);
                bool better = state.Measures.Length == 0 || measure > state.Measures.Max();
                state = state with { Measures = [.. state.Measures, measure], Best = better ? state.Weights : state.Best, BestEpoch = better ? epoch : state.BestEpoch };
                WriteState(job, state);
            }
        }

        FakeWeights result = FakeWeights.Parse(job.Validate is null ? state.Weights : state.Best);
        result.Save(job.OutputFolder);
        Directory.Delete(job.StateFolder, recursive: true);
        return new TrainingResult(
            state.Step, job.Validate is null ? job.Epochs : state.BestEpoch, state.Measures, state.Tokens, state.Told[^1].Loss, result.Sha256);
    }

    private State Step(
        TrainingJob job, State state, FakeWeights start, int[] batch, int epoch, int batches, Action<TrainingStep> told)
    {
        var skills = FakeWeights.Parse(state.Weights).Skills.ToDictionary();
        foreach (TrainingSequence sequence in batch.Select(i => job.Sequences[i]))
        {
            var problem = FakeProblem.Read([.. sequence.TokenIds.Take(sequence.PromptLength)]);
            string text = new([.. sequence.TokenIds.Skip(sequence.PromptLength).Select(id => (char)id)]);
            bool right = text.Contains($"#### {problem.Sum}", StringComparison.Ordinal);
            double target = start.Skills[problem.Kind] + (right ? 2 + problem.Difficulty : -3);
            skills[problem.Kind] += 0.02 * (effect?.Invoke(job) ?? 1) * sequence.Weight * (target - skills[problem.Kind]);
        }

        int number = state.Step + 1;
        double noise = job.Random.Uniform((uint)(1_000_000 + number)) - 0.5;
        var step = new TrainingStep(
            number, batches * job.Epochs, epoch, 0.35 + (0.9 * Math.Exp(-number / 12.0)) + (0.08 * noise), 1 + noise,
            job.Optimizer.LearningRate, batch.Sum(i => job.Sequences[i].TokenIds.Count), job.Mixup is null ? null : 0.5 - (noise / 10));
        told(step);
        return state with
        {
            Step = number,
            Weights = new FakeWeights(skills).ToString(),
            Tokens = state.Tokens + step.Tokens,
            Told = [.. state.Told, step],
        };
    }

    private static State? ReadState(TrainingJob job)
    {
        string path = Path.Combine(job.StateFolder, StateName);
        return File.Exists(path) ? JsonSerializer.Deserialize<State>(File.ReadAllText(path)) : null;
    }

    private static void WriteState(TrainingJob job, State state) =>
        File.WriteAllText(Path.Combine(job.StateFolder, StateName), JsonSerializer.Serialize(state));

    private sealed record State(
        int Step, string Weights, double[] Measures, string Best, int BestEpoch, long Tokens, TrainingStep[] Told)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"step {Step}");
    }
}
